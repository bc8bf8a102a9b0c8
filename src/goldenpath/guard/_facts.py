"""What can be read off one file, and nothing that needs a second one.

Rule 1: a fact says what stands there, never what it means. What a name stands for is
        found out in ``_resolve.py``.
Rule 2: facts are values that can be stored: they hold no syntax tree, and no fact of
        one file refers to another's.
Rule 3: dotted text (``"a.b.C"``) is what was written, seen from the place where it was
        written; ``scope`` is the chain of enclosing classes and functions, ``""`` for
        the module itself.
Rule 4: facts hold texts, numbers and other facts, so no cycles; the garbage collector
        need not look at the millions of them.

Lines count from 1; columns from 0, in bytes of UTF-8, as in ``ast``.
"""

from __future__ import annotations

from typing import Literal, NamedTuple

import msgspec

# Bumped when facts change their shape or meaning: a cache of older ones is worthless.
FACTS_VERSION = 7

BindingKind = Literal[
    "def",  # a function; target is ""
    "class",  # a class; target is ""
    "import",  # import target; name is the first part of it
    "import_as",  # import target as name
    "from",  # from module import member as name; target is "module:member"
    "star",  # from module import *; name is "*", target the module
    "alias",  # name = dotted text
    "call",  # name = dotted text(...): an instance, perhaps
    "entry",  # name["…"] = dotted text, in a dict display
    "lazy",  # {name: "text"} in a dict of the module, for a __getattr__ perhaps
    "value",  # anything else
    "parameter",  # of a function; target is its annotation, "" if it has none
    "annotated",  # name: dotted text, without a value that says more; of a class also
    # what has no dotted text, and then target is ""
]


class Binding(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A name that is bound in a scope, in the order of the file.

    Attributes:
        name: The name; of an attribute of an instance, ``self.name``.
        kind: How it is bound.
        line: Where.
        column: Where.
        scope: In which scope.
        target: What it is bound to; see ``BindingKind``.
        level: Leading dots of a relative import.
        is_typing: Only for type checkers: under ``if TYPE_CHECKING``.
        is_guarded: Under an ``if``, a loop, a ``try`` or an ``except``, so that another
            binding of the name may count as well.
    """

    name: str
    kind: BindingKind
    line: int
    column: int
    scope: str = ""
    target: str = ""
    level: int = 0
    is_typing: bool = False
    is_guarded: bool = False


class Signature(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a function may be called with.

    Attributes:
        positional: Parameters that may be given by position; the first
            ``only_positional`` of them not by name.
        only_positional: How many.
        defaults: How many of the last positional ones need not be given.
        keywords: Parameters that must be given by name.
        required_keywords: Those of them without a default.
        has_args: Whether there is ``*args``.
        has_kwargs: Whether there is ``**kwargs``.
    """

    positional: tuple[str, ...] = ()
    only_positional: int = 0
    defaults: int = 0
    keywords: tuple[str, ...] = ()
    required_keywords: tuple[str, ...] = ()
    has_args: bool = False
    has_kwargs: bool = False


class Function(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A function or method.

    Attributes:
        name: Its name.
        line: Of its ``def``.
        column: Of its ``def``.
        end_line: Its last line.
        scope: Where it is defined: the class for a method.
        signature: What it may be called with, ``self`` included.
        is_async: Whether calling it gives a coroutine (or an asynchronous generator).
        is_generator: Whether it yields.
        decorators: Dotted text of each; of one that is called, with ``()`` behind.
        returns: Dotted text of the annotation, if it is one.
        made: Dotted texts whose calls are returned: what a factory makes.
        returns_other: It returns something that is neither such a call nor a literal.
        forwards_to: ``name`` if all it does is to hand on to ``self.name.…``.
        is_abstract: It has no body but a docstring, ``...``, ``pass`` or
            ``raise NotImplementedError``.
        statements: Statements in its body, nested ones included.
    """

    name: str
    line: int
    column: int
    end_line: int
    scope: str = ""
    signature: Signature = Signature()
    is_async: bool = False
    is_generator: bool = False
    decorators: tuple[str, ...] = ()
    returns: str = ""
    made: tuple[str, ...] = ()
    returns_other: bool = False
    forwards_to: str = ""
    is_abstract: bool = False
    statements: int = 0


class Class(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A class.

    Attributes:
        name: Its name.
        line: Of its ``class``.
        column: Of its ``class``.
        end_line: Its last line.
        scope: Where it is defined, ``""`` at the top.
        bases: Dotted text of each; ``Generic[T]`` as ``Generic``.
        decorators: As of functions.
        keywords: Such as ``metaclass=ABCMeta``, as written.
        document: The first line of its docstring.
        is_empty: It adds nothing: ``pass``, ``...`` or a docstring alone.
        collections: Names bound to a mutable collection in its body, empty at first, or
            by ``self.x =`` in a method, and where: ``("_sockets", line, "class" or
            "instance")``.
        is_open: Attributes are put on it, or on what it makes, under names that nobody
            can read; see ``_made_up.py``.
    """

    name: str
    line: int
    column: int
    end_line: int
    scope: str = ""
    bases: tuple[str, ...] = ()
    decorators: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    document: str = ""
    is_empty: bool = False
    collections: tuple[tuple[str, int, str], ...] = ()
    is_open: bool = False

    @property
    def qualified(self) -> str:
        """The class's own scope: what its methods have as theirs."""
        return f"{self.scope}.{self.name}" if self.scope else self.name


class Call(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A call of something that has dotted text.

    Attributes:
        target: Dotted text of what is called; a call in it is written ``()``:
            ``"make().send"``.
        line: Where.
        column: Where.
        scope: In which scope.
        positional: Arguments by position.
        keywords: Arguments by name.
        has_star: Whether ``*x`` or ``**x`` is among them: the rest is not known.
        is_awaited: Whether the call stands directly under ``await``.
        is_used_otherwise: Whether its value goes somewhere that could await it later:
            anything but a statement of its own.
        arguments: Dotted text of each positional argument, or the number that it is;
            ``""`` where it is neither. Of ``setattr`` and ``patch.object`` also the
            name, in quotes, if it is written down.
    """

    target: str
    line: int
    column: int
    scope: str = ""
    positional: int = 0
    keywords: tuple[str, ...] = ()
    has_star: bool = False
    is_awaited: bool = False
    is_used_otherwise: bool = False
    arguments: tuple[str, ...] = ()


class DottedString(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A string that looks like the path of something: ``"app.ws.manager"``.

    Attributes:
        text: The string; a ``:`` may stand before the last name.
        line: Where.
        column: Where its first character inside the quotes stands.
        scope: In which scope.
        receiver: Dotted text of the call that it is an argument of, or ``""``.
        is_plain: Written in one piece, so that it can be replaced as it stands.
    """

    text: str
    line: int
    column: int
    scope: str = ""
    receiver: str = ""
    is_plain: bool = True


class BroadHandler(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """An ``except`` or ``suppress`` that takes everything and does not pass it on.

    Attributes:
        line: Of the ``except`` or ``with``.
        column: Likewise.
        first: First line of what it guards.
        last: Last line of what it guards.
        scope: In which scope.
        catches: As written: ``Exception``, ``ImportError``, ``""`` for a bare one.
        is_silent: It neither logs nor binds what it caught to anything that is used.
        is_told_later: It keeps what it caught, and the function raises that later, or
            logs its traceback; or it puts it into a queue.
    """

    line: int
    column: int
    first: int
    last: int
    scope: str = ""
    catches: str = ""
    is_silent: bool = False
    is_told_later: bool = False


class Test(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """A function that a test runner would run.

    Attributes:
        name: Its name.
        line: Of its ``def``.
        scope: Its class, or ``""``.
        markers: Dotted text of its decorators, and of its class's.
        fixtures: Its parameters.
        asserts: Assertions in it: ``assert``, ``self.assert…``, ``pytest.raises``.
        constant_asserts: Those that cannot fail: ``assert True``, ``assert x or True``,
            ``assert "text"``.
        is_empty: Its body does nothing.
        is_skipped: It is marked or told to skip, without a condition.
        swallows: A broad handler in it can hide its failure.
    """

    name: str
    line: int
    scope: str = ""
    markers: tuple[str, ...] = ()
    fixtures: tuple[str, ...] = ()
    asserts: int = 0
    constant_asserts: int = 0
    is_empty: bool = False
    is_skipped: bool = False
    swallows: bool = False


class FileFacts(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """Everything that one file says.

    Attributes:
        error: Why it could not be parsed, with the line; ``""`` if it could.
        lines: How many lines it has.
        bindings: Names, in the order of the file.
        functions: Functions and methods.
        classes: Classes.
        calls: Calls.
        strings: Strings that look like paths.
        handlers: Broad handlers.
        tests: Tests.
        exported: ``__all__``, or None if it has none that can be read.
        exported_line: Where ``__all__`` is.
        is_export_dynamic: ``__all__`` is computed in a way that is not followed.
        has_getattr: The module has a ``__getattr__``.
        replaces_itself: It assigns to ``sys.modules``.
        reads: Dotted texts that are read and are no calls, with their scopes:
            ``("app.ws.Manager", "f", line)``.
        document: First line of its docstring.
        collections: Mutable collections of the module, empty at first.
        branches: First and last lines of what is under a condition.
        loops: First and last lines of loops.
    """

    error: str = ""
    lines: int = 0
    bindings: tuple[Binding, ...] = ()
    functions: tuple[Function, ...] = ()
    classes: tuple[Class, ...] = ()
    calls: tuple[Call, ...] = ()
    strings: tuple[DottedString, ...] = ()
    handlers: tuple[BroadHandler, ...] = ()
    tests: tuple[Test, ...] = ()
    exported: tuple[str, ...] | None = None
    exported_line: int = 0
    is_export_dynamic: bool = False
    has_getattr: bool = False
    replaces_itself: bool = False
    reads: tuple[tuple[str, str, int], ...] = ()
    document: str = ""
    collections: tuple[tuple[str, int, str], ...] = ()
    branches: tuple[tuple[int, int], ...] = ()
    loops: tuple[tuple[int, int], ...] = ()


class Stored(NamedTuple):
    """Facts as they are stored, and as they go from one process to another.

    Attributes:
        outline: What other files can see; see ``outline_of``.
        facts: All of them.
    """

    outline: bytes
    facts: bytes


def outline_of(facts: FileFacts) -> FileFacts:
    """Return the few facts that tell what other files can see of a file.

    Those are its classes, its functions and methods, what it imports, and the names of
    the module and of classes: a fifth of what is stored of a file.
    """
    visible = {"", *(class_.qualified for class_ in facts.classes)}
    return FileFacts(
        error=facts.error,
        lines=facts.lines,
        bindings=tuple(
            one
            for one in facts.bindings
            if one.scope in visible or one.kind in _IMPORTS
        ),
        functions=tuple(one for one in facts.functions if one.scope in visible),
        classes=facts.classes,
        exported=facts.exported,
        exported_line=facts.exported_line,
        is_export_dynamic=facts.is_export_dynamic,
        has_getattr=facts.has_getattr,
        replaces_itself=facts.replaces_itself,
        document=facts.document,
        collections=facts.collections,
    )


def store(facts: FileFacts) -> Stored:
    """Return facts as they are stored."""
    return Stored(_encoder.encode(outline_of(facts)), _encoder.encode(facts))


def restore(stored: bytes) -> FileFacts:
    """Return facts, or an outline, that were stored.

    Raises:
        msgspec.DecodeError: They are damaged.
    """
    return _decoder.decode(stored)


_IMPORTS = frozenset(("import", "import_as", "from", "star"))
_encoder = msgspec.msgpack.Encoder()
_decoder = msgspec.msgpack.Decoder(FileFacts)
