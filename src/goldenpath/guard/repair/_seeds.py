"""Violations to bring back: for each written test, what it must turn red on.

A seed is content for a few files, by path, as it would be if somebody had done again
what the test guards against. Nothing of it is imported; tests and scans read it.
"""

from __future__ import annotations

import ast
import dataclasses
import posixpath
import re
from collections.abc import Callable, Iterator

from goldenpath.guard._modules import Modules
from goldenpath.guard._view import View
from goldenpath.guard.repair._source import Source

_NAME = "goldenpath_seed"
_CODE = re.compile(r"(GP\d+): ")
Contents = dict[str, bytes]


@dataclasses.dataclass(frozen=True, slots=True)
class Guarding:
    """A test, as it stands in a file of written tests.

    Attributes:
        name: Its function's name.
        holds: Its docstring.
        code: The rule whose findings it fails on; ``""`` if it holds what must stay.
        asks: What it calls, and with what texts: ``("takers", "app/hub.py", "Hub")``.
    """

    name: str
    holds: str
    code: str
    asks: tuple[tuple[str, ...], ...]


def read_tests(text: str) -> list[Guarding]:
    """Return the tests of a file that the guard has written.

    Raises:
        SyntaxError: It is not Python any more.
    """
    return [
        Guarding(
            node.name,
            document := (ast.get_docstring(node) or ""),
            found[1] if (found := _CODE.match(document)) else "",
            tuple(_asks(node)),
        )
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test_")
    ]


def _asks(test: ast.FunctionDef) -> Iterator[tuple[str, ...]]:
    for node in ast.walk(test):
        match node:
            case ast.Call(func=ast.Name(id=name), args=arguments):
                texts = [a.value for a in arguments if isinstance(a, ast.Constant)]
                yield (name, *map(str, texts))
            case ast.BinOp(left=ast.Name(id="ROOT"), right=ast.Constant(value=path)):
                yield ("file", str(path))


def seed_for(view: View, test: Guarding) -> Contents:
    """Return what brings back what a test guards against; nothing if unknown."""
    for what, *texts in test.asks:
        if what in _BY_WHAT and texts:
            return _BY_WHAT[what](view, test, texts)
    return {}


def _content(view: View, path: str) -> bytes:
    files = view.project.files
    return view.project.content(path) if path in files else b""


def _import(view: View, name: str = "") -> str:
    home = view.home
    also = f" as {name}" if name and name != home.name else ""
    return f"from {view.project.modules.name_of(home.path)} import {home.name}{also}\n"


def _beside(view: View, text: str, name: str = f"{_NAME}.py") -> Contents:
    """Return a new module beside the package of the home."""
    package = view.project.modules.name_of(view.home.path).split(".")
    folder = posixpath.dirname(view.home.path)
    is_init = posixpath.basename(view.home.path) == "__init__.py"
    for _ in range(len(package) - 1 + is_init):
        folder = posixpath.dirname(folder)
    return {posixpath.join(folder, name): text.encode()}


# By what a test asks.


def _path(view: View, test: Guarding, texts: list[str]) -> Contents:
    """Offer the home under a name again, and take it."""
    path, name = texts[0], texts[1]
    if test.code in ("GP101", "GP109"):
        return _class(view, test, texts)
    more = (
        f"{_import(view)}\n{name} = {view.home.name}\n"
        if test.code == "GP103"
        else _import(view, name)
    )
    content = _content(view, path) + b"\n" + more.encode()
    # It may have to be made: a shim is gone when it is repaired.
    roots = view.configuration.source_roots
    module = Modules((*view.project.files, path), roots=roots).name_of(path)
    taker = _beside(view, f"from {module} import {name}\n\nseed = {name}\n")
    return {path: content, **taker}


def _class(view: View, test: Guarding, texts: list[str]) -> Contents:
    path, name = texts[0], texts[1]
    if test.code == "GP103":
        return _path(view, test, texts)
    content = _content(view, path) + f"\n\nclass {name}:\n    pass\n".encode()
    return {path: content}


def _file(view: View, _test: Guarding, texts: list[str]) -> Contents:
    return {texts[0]: _import(view).encode()}


def _found(view: View, _test: Guarding, texts: list[str]) -> Contents:
    make = _BY_CODE.get(texts[0])
    return {} if make is None else make(view)


def _methods(view: View, _test: Guarding, texts: list[str]) -> Contents:
    """Take a method of the home away."""
    names = [n for n in view.resolver.methods(view.home) if not n.startswith("_")]
    source = Source(_content(view, texts[0]))
    for node in ast.walk(source.tree):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and (
            node.name in names
        ):
            return {texts[0]: _renamed(source, node, f"{_NAME}_{node.name}")}
    return {}


def _signature(view: View, _test: Guarding, texts: list[str]) -> Contents:
    """Let a function take one thing more."""
    path, *names = texts
    source = Source(_content(view, path))
    nodes: list[ast.stmt] = source.tree.body
    found: ast.AST | None = None
    for name in names:
        found = next((n for n in nodes if getattr(n, "name", "") == name), None)
        nodes = getattr(found, "body", [])
    if not isinstance(found, ast.FunctionDef | ast.AsyncFunctionDef):
        return {}
    start = source.start(found)
    bracket = source.bytes.index(b"(", source.bytes.index(found.name.encode(), start))
    comma = b", " if ast.unparse(found.args) else b""
    added = source.bytes[: bracket + 1] + _NAME.encode() + comma
    return {path: added + source.bytes[bracket + 1 :]}


def _renamed(
    source: Source, node: ast.FunctionDef | ast.AsyncFunctionDef, name: str
) -> bytes:
    start = source.start(node)
    keyword = source.bytes.index(b"def", start)
    place = source.bytes.index(node.name.encode(), keyword)
    return (
        source.bytes[:place]
        + name.encode()
        + source.bytes[place + len(node.name.encode()) :]
    )


_BY_WHAT: dict[str, Callable[[View, Guarding, list[str]], Contents]] = {
    "takers": _path,
    "exported": _path,
    "assigned": _class,
    "file": _file,
    "found_by_the_guard": _found,
    "methods": _methods,
    "signature": _signature,
}


# By the rule that a test asks the guard for.


def _rival(view: View) -> Contents:
    """Copy the home under another name."""
    source = Source(view.project.content(view.home.path))
    for node in source.tree.body:
        if isinstance(node, ast.ClassDef) and node.name == view.home.name:
            name = node.name.encode()
            text = source.bytes[source.start(node) : source.end(node)]
            copy = text.replace(b"class " + name, b"class Other" + name, 1)
            return _beside(view, copy.decode("utf-8", "replace") + "\n")
    return {}


def _circle(view: View) -> Contents:
    path = view.home.path
    home = _content(view, path) + f"\nfrom {_NAME} import seed\n".encode()
    text = f"{_import(view)}\nseed = {view.home.name}\n"
    return {path: home, **_beside(view, text)}


def _mock(view: View) -> Contents:
    module = view.project.modules.name_of(view.home.path)
    text = (
        f"from unittest.mock import patch\n\n{_import(view)}\n\ndef test_seed():\n"
        f'    with patch("{module}.{view.home.name}"):\n        pass\n'
    )
    return {f"tests/test_{_NAME}.py": text.encode()}


def _text(text: str) -> Callable[[View], Contents]:
    """Return a maker of a module: ``HOME`` is the class, ``IMPORT`` imports it."""

    def make(view: View) -> Contents:
        filled = text.replace("IMPORT", _import(view).strip())
        return _beside(view, filled.replace("HOME", view.home.name))

    return make


_BY_CODE: dict[str, Callable[[View], Contents]] = {
    "GP101": _rival,
    "GP104": _text("IMPORT\n\nHOME = HOME\n"),
    "GP105": _circle,
    "GP106": _text("IMPORT\n\n\ndef seed():\n    made = HOME()\n    made.seed = 1\n"),
    "GP107": _mock,
    "GP109": _rival,
    "GP110": _text("IMPORTThatIsNot\n"),
    "GP111": _text("IMPORT\n\n\ndef seed(given: HOME):\n    given.goldenpath_seed()\n"),
    "GP112": _text("try:\n    IMPORT\nexcept Exception:\n    HOME = None\n"),
    "GP201": _text(
        "IMPORT\n\n\nasync def seed(websocket):\n"
        '    await websocket.send_text("seed")\n    await websocket.accept()\n'
    ),
}
