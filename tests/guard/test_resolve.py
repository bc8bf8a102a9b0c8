"""What a name stands for, and that nothing is guessed."""

import pytest

from tests.guard.trees import MANAGER, resolver_of

HOME = {"app/__init__.py": "", "app/ws.py": MANAGER}


def found(folder, files, text, *, at="app/main.py", **place):
    """Return what text stands for in a file: kind, path and name of each answer."""
    answers = resolver_of(folder, {**HOME, **files}).lookup(at, text, **place)
    return {(one.thing.kind, one.thing.path, one.thing.name) for one in answers}


MANAGERS = {("class", "app/ws.py", "Manager")}


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ({"app/main.py": "from app.ws import Manager"}, "Manager"),
        ({"app/main.py": "from .ws import Manager as M"}, "M"),
        ({"app/main.py": "from . import ws"}, "ws.Manager"),
        ({"app/main.py": "from app import ws as w"}, "w.Manager"),
        ({"app/main.py": "import app.ws"}, "app.ws.Manager"),
        ({"app/main.py": "import app.ws as w"}, "w.Manager"),
        ({"app/main.py": "from app.ws import *"}, "Manager"),
        ({"app/main.py": "from app.ws import Manager\nA = Manager\nB = A"}, "B"),
        ({"app/main.py": "from app.ws import Manager\nManager = Manager"}, "Manager"),
        (
            {
                "app/main.py": "from app.face import Manager",
                "app/face.py": "from app.hub import Hub as Manager",
                "app/hub.py": "import app.ws\n\nHub = app.ws.Manager",
            },
            "Manager",
        ),
        (
            {
                "app/main.py": "from app.face import *",
                "app/face.py": "from app.ws import *\n\n__all__ = ['Manager']",
            },
            "Manager",
        ),
        (
            {
                "app/main.py": "from app.lazy import Manager",
                "app/lazy.py": """
                    def __getattr__(name):
                        from app.ws import Manager

                        return Manager
                """,
            },
            "Manager",
        ),
        (
            {
                "app/main.py": "from app.lazy import Manager",
                "app/lazy.py": """
                    NAMES = {"Manager": "app.ws"}


                    def __getattr__(name):
                        return getattr(import_module(NAMES[name]), name)
                """,
            },
            "Manager",
        ),
    ],
)
def test_a_name_is_followed_to_where_it_is_defined(tmp_path, files, text):
    assert found(tmp_path, files, text) == MANAGERS


@pytest.mark.parametrize(
    ("files", "text"),
    [
        ({"app/main.py": "from app.ws import *", "app/ws.py": "__all__ = []"}, "M"),
        ({"app/main.py": "Manager = make()"}, "Manager.x"),
        ({"app/main.py": ""}, "Manager"),
        (
            {
                "app/main.py": "from app.a import X",
                "app/a.py": "from app.b import X",
                "app/b.py": "from app.a import X",
            },
            "X",
        ),
    ],
)
def test_what_cannot_be_followed_is_not_guessed(tmp_path, files, text):
    answers = found(tmp_path, files, text)

    assert {kind for kind, *_ in answers} <= {"missing"}


def test_a_private_name_is_not_brought_by_a_star(tmp_path):
    files = {"app/ws.py": "class _A:\n    pass", "app/main.py": "from app.ws import *"}

    assert found(tmp_path, files, "_A") == set()


def test_both_branches_of_a_try_count(tmp_path):
    files = {
        "app/main.py": """
            try:
                from fast import Manager
            except ImportError:
                from app.ws import Manager
        """
    }

    assert found(tmp_path, files, "Manager") == {
        ("external", "", "fast.Manager"),
        *MANAGERS,
    }


def test_what_is_for_type_checkers_counts_only_if_there_is_nothing_else(tmp_path):
    typing = "from typing import TYPE_CHECKING\n\nif TYPE_CHECKING:\n"
    alone = {"app/main.py": typing + "    from app.ws import Manager"}
    beside = {
        "app/main.py": typing
        + "    from app.ws import Manager\nelse:\n    Manager = object"
    }

    assert found(tmp_path / "a", alone, "Manager") == MANAGERS
    assert found(tmp_path / "b", beside, "Manager") == {
        ("external", "", "builtins.object")
    }


def test_a_name_of_a_function_hides_that_of_the_module(tmp_path):
    files = {
        "app/main.py": """
            from elsewhere import Manager


            def f():
                from app.ws import Manager
        """
    }

    assert found(tmp_path, files, "Manager", scope="f") == MANAGERS
    assert found(tmp_path, files, "Manager") == {("external", "", "elsewhere.Manager")}


def test_a_line_sees_what_stands_above_it(tmp_path):
    files = {
        "app/main.py": """
            from app.ws import Manager
            here = Manager
            Manager = None
        """
    }

    assert found(tmp_path, files, "here") == MANAGERS


def test_a_file_that_nobody_can_import_imports_its_neighbours(tmp_path):
    """As migrations do, which are loaded by their path."""
    files = {
        "app/steps/__init__.py": "",
        "app/steps/0002_more.py": "from ..ws import Manager\nfrom ...ws import X",
    }
    at = "app/steps/0002_more.py"

    assert found(tmp_path, files, "Manager", at=at) == MANAGERS
    assert found(tmp_path, files, "X", at=at) == set()


def test_what_goes_up_beyond_the_top_is_missing(tmp_path):
    files = {"app/main.py": "from ..ws import Manager\nfrom .. import X"}

    assert found(tmp_path, files, "Manager") == {("missing", "", "..ws.Manager")}
    assert found(tmp_path, files, "X") == {("missing", "", "..X")}


def test_what_the_tree_should_have_and_has_not_is_missing(tmp_path):
    files = {"app/main.py": "from app.ws import Nothing\nfrom app.no import X"}

    assert found(tmp_path, files, "Nothing") == {
        ("missing", "app/ws.py", "app.ws.Nothing")
    }
    assert found(tmp_path, files, "X") == {("missing", "", "app.no.X")}


@pytest.mark.parametrize(
    "module",
    [
        "def __getattr__(n): ...",
        "from elsewhere import *",
        "x = (",
        "import sys\nsys.modules[__name__] = 1",
    ],
)
def test_a_module_that_may_have_anything_misses_nothing(tmp_path, module):
    files = {"app/any.py": module, "app/main.py": "from app.any import Manager"}

    assert found(tmp_path, files, "Manager") == set()


def test_the_way_is_shown_hop_by_hop(tmp_path):
    resolver = resolver_of(
        tmp_path,
        {
            **HOME,
            "app/hub.py": "from app.ws import Manager\nHub = Manager\n",
            "app/main.py": "from app.hub import Hub as H\n",
        },
    )

    (answer,) = resolver.member("app/main.py", "H")

    assert [(hop.path, hop.line, hop.name, hop.kind) for hop in answer.hops] == [
        ("app/main.py", 1, "H", "from"),
        ("app/hub.py", 2, "Hub", "alias"),
        ("app/hub.py", 1, "Manager", "from"),
    ]


@pytest.mark.parametrize(
    ("text", "kind"),
    [
        ("app.ws.Manager", "class"),
        ("app.ws.Manager.send", "function"),
        ("app.ws", "module"),
        ("app.main.Manager.send", "function"),
    ],
)
def test_a_path_in_a_string_is_looked_up_as_patch_does(tmp_path, text, kind):
    files = {**HOME, "app/main.py": "from app.ws import Manager"}

    (answer,) = resolver_of(tmp_path, files).absolute(text)

    assert answer.thing.kind == kind


@pytest.mark.parametrize("text", ["app.ws.Nothing", "app.no.X", "app.ws.Manager.no"])
def test_a_path_in_a_string_that_leads_nowhere_is_none(tmp_path, text):
    assert resolver_of(tmp_path, HOME).absolute(text) is None


# Instances.


@pytest.mark.parametrize(
    ("body", "text", "scope"),
    [
        ("m = Manager()", "m", ""),
        ("def f(m: Manager): ...", "m", "f"),
        ("def f(m: 'Manager | None'): ...", "m", "f"),
        ("def make(): return Manager()\nm = make()", "m", ""),
        ("def make() -> Manager: ...\nm = make()", "m", ""),
        (
            "async def make() -> Manager: ...\nasync def f():\n    m = await make()",
            "m",
            "f",
        ),
        (
            "async def make(): return Manager()\nasync def f(): m = (\nawait make())",
            "m",
            "f",
        ),
        ("m = Manager()\nn = m", "n", ""),
        ("m = Manager() if x else Manager(3)", "m", ""),
        (
            "class A:\n    def __init__(self):\n        self.m = Manager()",
            "self.m",
            "A.__init__",
        ),
        ("class A(Manager):\n    m = Manager()\n    def f(self): ...", "self.m", "A.f"),
        ("class A:\n    m: Manager\na = A()", "a.m", ""),
        ("", "Manager()", ""),
    ],
)
def test_what_certainly_is_an_instance_is_known(tmp_path, body, text, scope):
    files = {**HOME, "app/main.py": f"from app.ws import Manager\n{body}\n"}

    (thing,) = resolver_of(tmp_path, files).instances("app/main.py", text, scope=scope)

    assert (thing.path, thing.name) == ("app/ws.py", "Manager")


@pytest.mark.parametrize(
    ("body", "text", "scope"),
    [
        ("def f(m): ...", "m", "f"),
        ("m = Manager()\nm = other()", "m", ""),
        ("m = Manager() if x else other()", "m", ""),
        ("m = other() if x else Manager()", "m", ""),
        ("m, n = Manager()", "m", ""),
        (
            "class A:\n    def f(self):\n        self.m = Manager(); self.m, x = y()",
            "self.m",
            "A.f",
        ),
        ("def f(m: list[Manager]): ...", "m", "f"),
        ("def make(): return make()\nm = make()", "m", ""),
        ("async def make() -> Manager: ...\ndef f(): m = make()", "m", "f"),
        (
            "try: from elsewhere import A\nexcept E:\n    class A: ...\nm = A()",
            "m",
            "",
        ),
    ],
)
def test_what_may_be_something_else_is_not(tmp_path, body, text, scope):
    files = {**HOME, "app/main.py": f"from app.ws import Manager\n{body}\n"}
    resolver = resolver_of(tmp_path, files)

    assert resolver.instances("app/main.py", text, scope=scope) == []


@pytest.mark.parametrize(
    ("scope", "name"),
    [
        ("A.f", "A"),
        ("A.f.inner", "A"),
        ("A.f.B.g", "A.f.B"),
        ("A.f.B.by_closure", "A"),
        ("A.made", None),
        ("A.static", None),
        ("plain", None),
        ("A", None),
    ],
)
def test_self_is_of_the_nearest_method_that_takes_one(tmp_path, scope, name):
    text = """
        class A:
            def f(self):
                def inner(): ...
                class B:
                    def g(self): ...
                    def by_closure(*given): ...
            @classmethod
            def made(self): ...
            @staticmethod
            def static(self): ...
        def plain(self): ...
        """
    resolver = resolver_of(tmp_path, {"app/main.py": text})

    found = resolver.instances("app/main.py", "self", scope=scope)

    assert [thing.name for thing in found] == ([name] if name else [])


# Methods.

IMPORTS = """
import functools
from abc import ABCMeta
from dataclasses import dataclass
from typing import Generic, Protocol, final
from zope.interface import implementer
from elsewhere import Elsewhere, Registry, made, wrapped
from app.ws import Manager
"""


@pytest.mark.parametrize(
    ("body", "kind"),
    [
        ("class A(Manager): ...", "function"),
        ("class A:\n    def other(self): ...", "missing"),
        ("class A:\n    def __init__(self):\n        self.send = 1", "value"),
        ("class A:\n    def f(self):\n        self.send, x = 1, 2", "value"),
        ("class A:\n    def f(self):\n        self.send, x = pair()", "value"),
        ("class A:\n    def f(self):\n        for self.send in (): ...", "value"),
        ("class A(Elsewhere): ...", None),
        ("from abc import ABC\nclass A(ABC): ...", "missing"),
        ("from abc import ABC\nclass A(Elsewhere, ABC): ...", None),
        ("from abc import ABC\nclass A(ABC, Elsewhere): ...", None),
        ("@wrapped\nclass A: ...", None),
        ("class A:\n    def __getattr__(self, name): ...", None),
        ("class A:\n    def f(self):\n        setattr(self, 'send', 1)", "value"),
        ("class A:\n    def f(self, n):\n        setattr(self, n, 1)", None),
        ("class A:\n    __getattr__ = made", None),
        ("class A(Exception): ...", "missing"),
        ("class A(dict):\n    def __init__(self):\n        self.__dict__ = self", None),
        ("class A(type): ...", None),
        ("class A:\n    def __new__(cls): return Elsewhere()", None),
        ("class A:\n    def __new__(cls): return super().__new__(cls)", "missing"),
        ("class A(Elsewhere, Generic[int]): ...", None),
        ("class A(Protocol): ...", "missing"),
        ("class A(metaclass=ABCMeta): ...", "missing"),
        ("class A(metaclass=Registry): ...", None),
        ("class A(Manager, key=1): ...", "function"),
        ("@dataclass(frozen=True)\nclass A: ...", "missing"),
        ("@final\n@implementer(Elsewhere)\nclass A: ...", "missing"),
        ("@final\n@wrapped\nclass A: ...", None),
        ("def final(c): ...\n@final\nclass A: ...", None),
        ("@functools.wraps(Elsewhere)\nclass A: ...", None),
    ],
)
def test_a_method_is_there_or_missing_or_cannot_be_told(tmp_path, body, kind):
    resolver = resolver_of(tmp_path, {**HOME, "app/main.py": f"{IMPORTS}\n{body}\n"})
    (answer,) = resolver.member("app/main.py", "A")

    thing = resolver.method(answer.thing, "send")

    assert (thing and thing.kind) == kind


def test_what_a_class_of_pythons_own_gives_is_there(tmp_path):
    body = "class A(dict): ...\nclass B(A): ...\n"
    resolver = resolver_of(tmp_path, {"app/main.py": body})
    (answer,) = resolver.member("app/main.py", "B")

    assert resolver.method(answer.thing, "items").name == "builtins.dict.items"
    assert resolver.method(answer.thing, "nothing").kind == "missing"


def test_a_decorator_may_write_what_python_asks_for_itself(tmp_path):
    body = f"{IMPORTS}\n@dataclass\nclass A:\n    x: int\nclass B(A): ...\n"
    resolver = resolver_of(tmp_path, {**HOME, "app/main.py": body})
    (answer,) = resolver.member("app/main.py", "B")

    assert resolver.method(answer.thing, "__init__") is None
    assert resolver.method(answer.thing, "nothing").kind == "missing"
