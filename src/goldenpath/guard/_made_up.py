"""Attributes that are put on an object by their name, and not as ``x.name = …``.

Rule 1: a name that is written down adds that attribute. Any other may be any name: what
        the object is made of is open then.
Rule 2: counted is what is put on ``self``, on a class of the file, and on what a class
        makes or copies of itself. Other objects are none of its business.
Rule 3: what only puts back what an object had adds nothing: ``__setstate__``, and a
        ``__setattr__`` that hands on.
"""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence
from typing import NamedTuple

from goldenpath.guard._facts import Binding, Class
from goldenpath.guard._syntax import dotted

AnyFunction = ast.FunctionDef | ast.AsyncFunctionDef | None

#: What a call must end in to put something on an object.
VERBS = frozenset(("setattr", "__setattr__", "update", "setdefault"))
#: What in a class's body may add names to it.
NAMESPACES = frozenset(("locals", "vars", "exec"))
_OF_ALL = frozenset(("object", "type", "builtins.object", "builtins.type"))
_OWN = frozenset(("self", "cls", "type()", "self.__class__", "__class__"))
_COPIES = frozenset(("copy", "deepcopy", "replace", "__new__", "clone"))


class Write(NamedTuple):
    """Attributes that are put on an object.

    Attributes:
        owner: Dotted text of the object.
        names: Their names; None if those cannot be read.
    """

    owner: str
    names: tuple[str, ...] | None


def by_call(node: ast.Call, target: str, function: AnyFunction) -> Write | None:
    """Return what a call puts on an object, if it is such a call.

    Args:
        node: The call.
        target: Dotted text of what is called.
        function: The function that it stands in.
    """
    owner, _, verb = target.rpartition(".")
    if verb not in VERBS:
        return None
    given = node.args
    if verb in ("update", "setdefault"):
        called = node.func
        whose = (
            _whose_namespace(called.value) if isinstance(called, ast.Attribute) else ""
        )
        if not whose:
            return None
        if verb == "setdefault":
            return _write(whose, given[:1], function)
        return _updated(whose, node, function)
    if verb == "setattr":
        return None if owner else _set(given, function)
    if owner == "super()":
        return _write("self", given[:1], function)
    if owner in _OF_ALL or len(given) == 3:
        return _set(given, function)
    return _write(owner, given[:1], function)


def by_entry(target: ast.Subscript, function: AnyFunction) -> Write | None:
    """Return what ``x.__dict__[name] = …`` puts on ``x``."""
    whose = _whose_namespace(target.value)
    return _write(whose, [target.slice], function) if whose else None


def by_namespace(
    target: ast.Attribute, value: ast.expr, function: AnyFunction
) -> Write | None:
    """Return what ``x.__dict__ = …`` puts on ``x``: nothing if it is its own."""
    if _puts_back(function) or _is_own_state(value, function):
        return None
    return Write(dotted(target.value), None)


def _whose_namespace(node: ast.expr) -> str:
    """Return ``x`` of ``x.__dict__`` and of ``vars(x)``."""
    if isinstance(node, ast.Attribute) and node.attr == "__dict__":
        return dotted(node.value)
    if isinstance(node, ast.Call) and len(node.args) == 1:
        return dotted(node.args[0]) if dotted(node.func) == "vars" else ""
    return ""


def _set(given: Sequence[ast.expr], function: AnyFunction) -> Write | None:
    """Return what ``setattr(x, name, …)`` puts on ``x``."""
    return _write(dotted(given[0]), given[1:2], function) if given else None


def _write(
    owner: str, named: Sequence[ast.expr], function: AnyFunction
) -> Write | None:
    if not owner or _puts_back(function) or _hands_on(named, function):
        return None
    texts = [_literal(one) for one in named]
    return Write(owner, tuple(texts) if texts and all(texts) else None)


def _updated(owner: str, node: ast.Call, function: AnyFunction) -> Write | None:
    if _puts_back(function):
        return None
    names = [keyword.arg or "" for keyword in node.keywords]
    for given in node.args:
        if isinstance(given, ast.Dict):
            names += [_literal(key) for key in given.keys]
        elif not _is_own_state(given, function):
            return Write(owner, None)
    return Write(owner, tuple(names) if all(names) else None)


def _literal(node: ast.expr | None) -> str:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return node.value
    return ""


def _puts_back(function: AnyFunction) -> bool:
    return function is not None and function.name == "__setstate__"


def _hands_on(named: Sequence[ast.expr], function: AnyFunction) -> bool:
    """Tell whether a ``__setattr__`` sets what it was asked to set."""
    if function is None or function.name != "__setattr__":
        return False
    parameters = [one.arg for one in function.args.args]
    return [dotted(one) for one in named] == parameters[1:2]


def _is_own_state(value: ast.expr, function: AnyFunction) -> bool:
    """Tell whether a namespace is the object's own: ``self.__dict__``, or a copy."""
    if function is None or not function.args.args:
        return False
    if isinstance(value, ast.Call) and len(value.args) == 1:
        value = value.args[0]
    return f"{dotted(value)}.".startswith(f"{function.args.args[0].arg}.__dict__.")


def opened(
    writes: Iterable[tuple[str, str]],
    bindings: Iterable[Binding],
    classes: Iterable[Class],
) -> set[str]:
    """Return the qualified names of classes that may have any attribute.

    Args:
        writes: Where something is put on what, under a name that cannot be read:
            scopes and owners.
        bindings: The file's.
        classes: Likewise.
    """
    owners = _Owners(bindings, classes)
    found: set[str] = set()
    for scope, owner in writes:
        found |= owners.classes_of(owner, scope)
    return found


class _Owners:
    """Of which of a file's classes an object is."""

    def __init__(self, bindings: Iterable[Binding], classes: Iterable[Class]) -> None:
        self._names = {one.qualified: one.name for one in classes}
        self._bound: dict[tuple[str, str], list[Binding]] = {}
        self._first: dict[str, str] = {}
        for one in bindings:
            self._bound.setdefault((one.scope, one.name), []).append(one)
            if one.kind == "parameter":
                self._first.setdefault(one.scope, one.name)

    def classes_of(self, owner: str, scope: str, *, steps: int = 3) -> set[str]:
        around = self._around(scope)
        if around and (
            owner in _OWN
            or owner == self._names[around]
            or owner == self._first.get(self._method(around, scope))
        ):
            return {around}
        if owner in self._names:
            return {owner}
        inner = scope
        while steps:
            bound = self._bound.get((inner, owner), ())
            if bound:
                return {
                    one for b in bound for one in self._of_binding(b, scope, steps - 1)
                }
            if not inner:
                break
            inner = inner.rpartition(".")[0]
        return set()

    def _around(self, scope: str) -> str:
        """Return the class that a scope is in, or is."""
        while scope and scope not in self._names:
            scope = scope.rpartition(".")[0]
        return scope

    @staticmethod
    def _method(class_: str, scope: str) -> str:
        rest = scope.removeprefix(f"{class_}.").partition(".")[0]
        return f"{class_}.{rest}"

    def _of_binding(self, binding: Binding, scope: str, steps: int) -> set[str]:
        match binding.kind:
            case "alias":
                return self.classes_of(binding.target, scope, steps=steps)
            case "parameter" | "annotated" if binding.target in self._names:
                return {binding.target}
            case "call":
                maker, _, verb = binding.target.rpartition(".")
                around = self._around(scope)
                if verb in _COPIES:
                    return (
                        {around} if around else self.classes_of(maker, scope, steps=0)
                    )
                made = self.classes_of(binding.target, scope, steps=steps)
                is_class = maker == "cls" or maker in self._names
                return made or (
                    self.classes_of(maker, scope, steps=0) if is_class else made
                )
            case _:
                return set()
