"""What is read off one file, whatever state it is in."""

import textwrap

import pytest

from goldenpath.guard._read import read


def facts(text):
    found = read(textwrap.dedent(text).lstrip("\n"))
    assert found.error == ""
    return found


def bound(text):
    """Return names with kind and target, without parameters."""
    return [
        (one.name, one.kind, "." * one.level + one.target)
        for one in facts(text).bindings
        if one.kind != "parameter"
    ]


# Files that cannot be parsed.


@pytest.mark.parametrize(
    ("text", "error"),
    [
        ("x = (\n", "line 1: '(' was never closed"),
        ('print "a"\n', "line 1: Python 2: "),
        ("try:\n    pass\nexcept A, e:\n    pass\n", "line 3: "),
        ("x = 1\n<<<<<<< HEAD\na\n=======\nb\n>>>>>>> other\n", "line 2: a merge con"),
        ("x = 1\n=======\n", "line 2: a merge conflict was left in"),
        ("x = " + "(" * 300 + ")" * 300, "line 1: too many nested parentheses"),
        ("x = " + "-" * 5000 + "1", "cannot be parsed: "),
        ("x = 'a\0b'\n", ""),
    ],
)
def test_a_file_that_cannot_be_parsed_says_why(text, error):
    found = read(text)

    assert found.error.startswith(error)
    assert found.error != ""
    assert found.bindings == ()
    assert found.lines == text.count("\n") + 1


def test_what_nests_too_deeply_to_be_walked_is_no_crash():
    found = read("x = " + "+".join(["1"] * 900) + "\ny = f" + "(0).a" * 400)

    assert found.error == "" or "deep" in found.error


def test_an_invalid_escape_of_somebody_else_is_no_warning():
    assert facts('x = "\\d"\n').error == ""


def test_half_a_surrogate_can_be_stored():
    found = facts('"\\ud800 text"\n__all__ = ["a\\ud800"]\nt = {"b": "c\\ud800"}\n')

    assert (found.document, found.exported) == ("? text", ("a?",))


# Names.


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("import a.b.c", [("a", "import", "a.b.c")]),
        ("import a.b as c", [("c", "import_as", "a.b")]),
        ("from a.b import c as d", [("d", "from", "a.b:c")]),
        ("from . import a", [("a", "from", ".:a")]),
        ("from ...a import b", [("b", "from", "...a:b")]),
        ("from a import *", [("*", "star", "a")]),
        ("a = b.C", [("a", "alias", "b.C")]),
        ("a = b.C()", [("a", "call", "b.C")]),
        ("a = await b.C()", [("a", "call", "b.C")]),
        ("a = b or C()", [("a", "call", "C")]),
        ("a = b = C", [("a", "alias", "C"), ("b", "alias", "C")]),
        ("a, b = C, D()", [("a", "alias", "C"), ("b", "call", "D")]),
        ("a, b = c", [("a", "value", ""), ("b", "value", "")]),
        ("a: C", [("a", "annotated", "C")]),
        ("a: 'Optional[C]' = None", [("a", "value", ""), ("a", "annotated", "C")]),
        ("a: C = D()", [("a", "call", "D")]),
        ("with C() as a:\n    pass", [("a", "call", "C")]),
        ("for a in b:\n    pass", [("a", "value", "")]),
        ("(a := C())", [("a", "call", "C")]),
        ("a = {'k': C}", [("a", "value", ""), ("a['k']", "entry", "C")]),
        ("a['k'] = C", [("a['k']", "entry", "C")]),
        ("a = {'K': '.m'}", [("a", "value", ""), ("K", "lazy", ".m")]),
        ("def f():\n    pass", [("f", "def", "")]),
        ("class C:\n    pass", [("C", "class", "")]),
    ],
)
def test_a_name_is_bound_as_it_is_written(text, expected):
    assert bound(text) == expected


def test_a_binding_knows_its_scope_and_its_conditions():
    found = facts("""
        from typing import TYPE_CHECKING

        if TYPE_CHECKING:
            from a import B
        try:
            import c
        except ImportError:
            c = None

        class D:
            def e(self):
                from f import g
                global h
                h = 1
                self.i = 2
    """)
    told = {
        one.name: (one.scope, one.is_typing, one.is_guarded) for one in found.bindings
    }

    assert told["B"] == ("", True, True)
    assert told["c"] == ("", False, True)
    assert told["g"] == ("D.e", False, False)
    assert told["h"] == ("", False, False)
    assert told["self.i"] == ("D.e", False, False)


@pytest.mark.parametrize(
    ("text", "exported", "is_dynamic"),
    [
        ("", None, False),
        ("__all__ = ['a', 'b']", ("a", "b"), False),
        ("__all__ = ('a',) + ('b',)", ("a", "b"), False),
        ("__all__ = ['a']\n__all__ += ['b']", ("a", "b"), False),
        ("__all__ = ['a']\n__all__.extend(['b'])", ("a", "b"), False),
        ("__all__ = ['a']\n__all__.append('b')", ("a", "b"), False),
        ("__all__: list[str] = ['a']", ("a",), False),
        ("__all__ = ['a'] + other.__all__", ("a",), True),
        ("__all__ = [n for n in dir()]", (), True),
        ("def f():\n    __all__ = ['a']", None, False),
    ],
)
def test_the_list_of_what_is_offered_is_followed(text, exported, is_dynamic):
    found = facts(text)

    assert (found.exported, found.is_export_dynamic) == (exported, is_dynamic)


def test_modules_that_make_names_up_say_so():
    assert facts("def __getattr__(name):\n    pass").has_getattr
    assert facts("import sys\nsys.modules[__name__] = 1").replaces_itself
    assert not facts(
        "class A:\n    def __getattr__(self, n):\n        pass"
    ).has_getattr


# Calls, strings, handlers.


def test_a_call_tells_what_it_is_given_and_whether_it_is_awaited():
    (call,) = facts("async def f():\n    await a.b(c, 1, *d, e=2, **g)").calls

    assert (call.target, call.scope, call.positional) == ("a.b", "f", 2)
    assert (call.keywords, call.has_star, call.is_awaited) == (("e",), True, True)
    assert call.arguments == ("c", "1", "")


def test_a_call_that_names_an_attribute_tells_which():
    found = facts("setattr(a, 'b', 'c d')\npatch.object(a, 'B')\nf(a, 'b')").calls

    assert [call.arguments for call in found] == [
        ("a", "'b'", ""),
        ("a", "'B'"),
        ("a", ""),
    ]


@pytest.mark.parametrize(
    ("text", "is_used"),
    [("f()", False), ("x = f()", True), ("g(f())", True), ("f().h()", True)],
)
def test_a_coroutine_may_be_awaited_by_whoever_gets_it(text, is_used):
    call = next(one for one in facts(text).calls if one.target == "f")

    assert call.is_used_otherwise is is_used


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("patch('a.b.C')", [("a.b.C", "patch")]),
        ("patch(target='a.b.C')", [("a.b.C", "patch")]),
        ("X = 'a.b:C'", [("a.b:C", "")]),
        ("X = ['a.b', 'a b', 'a.', '', '1.2']", [("a.b", "")]),
        ("X = 'a'", []),
    ],
)
def test_a_string_that_looks_like_a_path_is_kept(text, found):
    assert [(one.text, one.receiver) for one in facts(text).strings] == found


@pytest.mark.parametrize(
    ("handler", "catches", "is_silent"),
    [
        ("except Exception:\n    pass", "Exception", True),
        ("except:\n    pass", "", True),
        ("except (A, ImportError):\n    x = 1", "A, ImportError", True),
        ("except Exception as e:\n    log(e)", "Exception", False),
        ("except Exception:\n    logger.exception('no')", "Exception", False),
        ("except Exception:\n    traceback.print_exc()", "Exception", False),
    ],
)  # fmt: skip
def test_a_handler_that_takes_everything_is_kept(handler, catches, is_silent):
    (found,) = facts(f"try:\n    a()\n{handler}").handlers

    assert (found.catches, found.is_silent) == (catches, is_silent)
    assert (found.first, found.last) == (2, 2)


@pytest.mark.parametrize(
    "handler",
    [
        "except ValueError:\n    pass",
        "except Exception:\n    raise",
        "finally:\n    b()",
    ],
)
def test_one_that_takes_little_or_passes_it_on_is_not(handler):
    assert facts(f"try:\n    a()\n{handler}").handlers == ()


@pytest.mark.parametrize(
    ("kept", "later", "is_told"),
    [
        ("last = e", "raise last", True),
        ("last = e", "raise Lost('all failed') from last", True),
        ("all_.append(e)", "raise ExceptionGroup('no', all_)", True),
        ("last = e", "log.warning('no', exc_info=last)", True),
        ("last = e", "traceback.print_exception(last)", True),
        ("last = e", "future.set_exception(last)", True),
        ("last = e", "log.warning('no: %s', last)", False),
        ("last = str(e)", "raise Lost(last)", False),
        ("last = e", "raise Lost('all failed')", False),
        ("log.warning('no: %s', e)", "raise Lost from last", False),
        ("last = e; raise_later(last)", "pass", False),
        ("queue.put((one, e))", "pass", True),
        ("queue.put_nowait(e)", "pass", True),
        ("queue.put(str(e))", "pass", False),
    ],
)
def test_what_was_caught_may_come_out_later(kept, later, is_told):
    (found,) = facts(f"""
def f():
    for one in all_:
        try:
            a(one)
        except Exception as e:
            {kept}
    {later}
""").handlers

    assert found.is_told_later is is_told


def test_suppress_is_a_handler():
    (found,) = facts("with contextlib.suppress(Exception):\n    a()\n    b()").handlers

    assert (found.catches, found.first, found.last) == ("Exception", 2, 3)


# Definitions.


def test_a_class_tells_its_bases_and_whether_it_adds_anything():
    empty, full = facts("""
        class A(b.B, Generic[T], metaclass=M):
            '''Says something.

            And more.
            '''

        @decorated
        class C:
            def d(self):
                pass
    """).classes

    assert empty.bases == ("b.B", "Generic")
    assert (empty.keywords, empty.document) == (("metaclass=M",), "Says something.")
    assert (empty.is_empty, full.is_empty) == (True, False)
    assert full.decorators == ("decorated",)


@pytest.mark.parametrize(
    ("method", "is_open"),
    [
        ("(self, n): setattr(self, n, 1)", True),
        ("(this, n): setattr(this, n, 1)", True),
        ("(self): setattr(self, 'a', 1)", False),
        ("(self, n, other): setattr(other, n, 1)", False),
        ("(self, n): setattr(self.loop, n, 1)", False),
        ("(self, n, other: A): setattr(other, n, 1)", True),
        ("(self, n):\n        me = self\n        setattr(me, n, 1)", True),
        ("(self, n):\n        one = self.s.get(n)\n        setattr(one, n, 1)", False),
        ("(cls, n):\n        one = cls()\n        setattr(one, n, 1)", True),
        ("(cls, n):\n        one = A.make()\n        setattr(one, n, 1)", True),
        ("(self, n):\n        one = copy.copy(self)\n        setattr(one, n, 1)", True),
        ("(self, n):\n        def g(): setattr(self, n, 1)", True),
        ("(self, n): object.__setattr__(self, n, 1)", True),
        ("(self, n): object.__setattr__(self, 'a', 1)", False),
        ("(self, n): super().__setattr__(n, 1)", True),
        ("(self, n): setattr(type(self), n, 1)", True),
        ("(self, n): self.__dict__.update(n)", True),
        ("(self, n): self.__dict__.update(a=n)", False),
        ("(self, n): self.__dict__.update({'a': n}, b=n)", False),
        ("(self, n): self.__dict__.update({n: n})", True),
        ("(self, n): self.__dict__.update(self.__dict__.copy())", False),
        ("(self, n): n.__dict__.update(self.__dict__)", False),
        ("(self, n): vars(self).update(n)", True),
        ("(self, n): vars(self)[n] = 1", True),
        ("(self, n): self.__dict__[n] = 1", True),
        ("(self, n): self.__dict__['a'] = 1", False),
        ("(self, n): self.__dict__.setdefault(n, 1)", True),
        ("(self, n): self.table[n] = 1", False),
        ("(self, n): self.__dict__ = n", True),
        ("(self, n): self.__dict__ |= n", True),
        ("(self): self.__dict__ = dict(self.__dict__)", False),
        ("(self, n): json.dumps(vars(self))", False),
        ("(self, n): self.table.update(n)", False),
        ("(self, n): monkeypatch.setattr(self, n, 1)", False),
    ],
)  # fmt: skip
def test_a_class_is_open_if_its_objects_may_get_any_attribute(method, is_open):
    (class_,) = facts(f"class A:\n    def f{method}\n").classes

    assert class_.is_open is is_open


@pytest.mark.parametrize(
    ("text", "is_open"),
    [
        ("class A:\n    def __setstate__(self, s): self.__dict__.update(s)", False),
        ("class A:\n    def __setstate__(self, s): self.__dict__ = s", False),
        (
            "class A:\n    def __setattr__(self, n, v): super().__setattr__(n, v)",
            False,
        ),
        (
            "class A:\n    def __setattr__(self, n, v): self.__dict__['_' + n] = v",
            True,
        ),
        ("class A:\n    for n in 'ab': locals()[n] = 1", True),
        ("class A:\n    exec(text)", True),
        ("class A: pass\nfor n in 'ab': setattr(A, n, 1)", True),
        ("class A: pass\ndef f(n):\n    a = A()\n    setattr(a, n, 1)", True),
        ("class A: pass\ndef f(n, a): setattr(a, n, 1)", False),
    ],
)
def test_what_puts_back_opens_nothing_and_a_module_may_open(text, is_open):
    (class_,) = facts(text).classes

    assert class_.is_open is is_open


def test_only_the_class_round_it_is_open():
    outer, inner = sorted(
        facts("""
class A:
    class B:
        def f(self, n): setattr(self, n, 1)
""").classes,
        key=lambda one: one.qualified,
    )

    assert (outer.is_open, inner.is_open) == (False, True)


def test_an_attribute_by_its_name_is_bound():
    text = "class A:\n    def f(self): setattr(self, 'a', 1); self.__dict__['b'] = 1"

    assert [name for name, _kind, _target in bound(text)] == [
        "A", "f", "self.a", "self.b",
    ]  # fmt: skip


def test_collections_are_registries_if_they_are_empty_at_first():
    found = facts("""
        sockets = {}
        table = {"a": 1}

        class A:
            clients = []
            names = ["a"]

            def __init__(self):
                self.kept = {}
    """)

    assert found.collections == (("sockets", 1, "module"),)
    assert found.classes[0].collections == (
        ("clients", 5, "class"),
        ("kept", 9, "instance"),
    )


def test_a_function_tells_what_it_makes_and_what_it_forwards_to():
    found = {one.name: one for one in facts("""
        def plain(): return A()
        def named():
            a = A()
            return a
        def other(x): return x
        class B:
            def forward(self, x): return self.inner.forward(x)
            def abstract(self): raise NotImplementedError
            async def generate(self):
                yield 1
    """).functions}  # fmt: skip

    assert found["plain"].made == found["named"].made == ("A",)
    assert found["other"].returns_other
    assert found["forward"].forwards_to == "inner"
    assert found["abstract"].is_abstract
    assert (found["generate"].is_async, found["generate"].is_generator) == (True, True)


@pytest.mark.parametrize(
    ("body", "asserts", "constant"),
    [
        ("assert x", 1, 0),
        ("assert True", 1, 1),
        ("assert x or True", 1, 1),
        ("assert 'text'", 1, 1),
        ("assert (x, 'always true')", 1, 1),
        ("self.assertEqual(1, 2)", 1, 0),
        ("mock.assert_called_once()", 1, 0),
        ("with pytest.raises(ValueError): f()", 1, 0),
        ("f()", 0, 0),
    ],
)
@pytest.mark.filterwarnings("ignore::SyntaxWarning")
def test_a_test_tells_what_could_fail(body, asserts, constant):
    (test,) = facts(f"def test_it(x):\n    {body}").tests

    assert (test.asserts, test.constant_asserts) == (asserts, constant)


def test_a_test_tells_whether_it_runs_at_all():
    tests = facts("""
        @pytest.mark.skip
        def test_a(): assert x
        def test_b():
            pytest.skip("later")
        def test_c():
            '''Nothing.'''
        def test_d():
            try:
                assert x
            except Exception:
                pass
    """).tests

    assert [(t.is_skipped, t.is_empty, t.swallows) for t in tests] == [
        (True, False, False),
        (True, False, False),
        (False, True, False),
        (False, False, True),
    ]
