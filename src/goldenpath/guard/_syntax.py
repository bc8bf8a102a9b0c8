"""Small questions about syntax trees, each answered from one node."""

from __future__ import annotations

import ast
from collections.abc import Iterable, Sequence

from goldenpath.guard._facts import Signature

_BROAD = frozenset(("Exception", "BaseException", "builtins.Exception"))
_ABSENCE = frozenset(
    ("ImportError", "ModuleNotFoundError", "AttributeError", "TypeError", "NameError")
)
_LITERALS = (
    ast.Constant, ast.List, ast.Dict, ast.Set, ast.Tuple, ast.JoinedStr, ast.Compare,
    ast.ListComp, ast.DictComp, ast.SetComp,
)  # fmt: skip
FUNCTIONS = (ast.FunctionDef, ast.AsyncFunctionDef)
_LOUD = frozenset(
    (
        "exception", "error", "warning", "warn", "critical", "fail", "exit", "err",
        "print_exc", "print_exception", "deferr", "failure",
    )
)  # fmt: skip


def dotted(node: ast.expr | None) -> str:
    """Return the dotted text of an expression, or ``""`` if it has none."""
    if type(node) is ast.Name:  # as most are
        return node.id
    parts: list[str] = []
    while True:
        if isinstance(node, ast.Attribute):
            parts.append(node.attr)
            node = node.value
        elif isinstance(node, ast.Name):
            parts.append(node.id)
            return ".".join(reversed(parts))
        elif isinstance(node, ast.Call):
            inner = dotted(node.func)
            if not inner:
                return ""
            return ".".join((inner + "()", *reversed(parts)))
        elif isinstance(node, ast.Await):
            node = node.value
        else:
            return ""


def argument_text(node: ast.expr) -> str:
    """Return an argument's dotted text, or its number."""
    if isinstance(node, ast.Constant) and isinstance(node.value, int | float):
        return repr(node.value)
    return dotted(node)


def argument_or_name(node: ast.expr) -> str:
    """Return an argument's text as ``argument_text`` does, or a name in quotes."""
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return f"'{text_of(node.value)}'" if node.value.isidentifier() else ""
    return argument_text(node)


def annotation(node: ast.expr | None) -> str:
    """Return the dotted text of what an annotation is about.

    ``Optional[X]``, ``X | None``, ``"X"`` and ``Annotated[X, …]`` are about ``X``;
    containers and type variables are about nothing.
    """
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        try:
            return annotation(ast.parse(node.value, mode="eval").body)
        except (SyntaxError, ValueError):
            return ""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.BitOr):
        sides = [annotation(node.left), annotation(node.right)]
        named = [side for side in sides if side]
        return named[0] if len(named) == 1 else ""
    if isinstance(node, ast.Subscript):
        outer = dotted(node.value).rpartition(".")[2]
        inner = node.slice
        if outer in ("Optional", "Final", "ClassVar", "Required", "NotRequired"):
            return annotation(inner)
        if outer == "Annotated" and isinstance(inner, ast.Tuple) and inner.elts:
            return annotation(inner.elts[0])
        return ""
    text = dotted(node)
    return "" if text == "None" or text.endswith("()") else text


def base(node: ast.expr) -> str:
    if isinstance(node, ast.Subscript):
        node = node.value
    return dotted(node)


def signature(arguments: ast.arguments) -> Signature:
    positional = (*arguments.posonlyargs, *arguments.args)
    return Signature(
        tuple(a.arg for a in positional),
        len(arguments.posonlyargs),
        len(arguments.defaults),
        tuple(a.arg for a in arguments.kwonlyargs),
        tuple(
            a.arg
            for a, default in zip(
                arguments.kwonlyargs, arguments.kw_defaults, strict=True
            )
            if default is None
        ),
        arguments.vararg is not None,
        arguments.kwarg is not None,
    )


def own_statements(body: Iterable[ast.stmt]) -> Iterable[ast.stmt]:
    """Walk over the statements of a function, and not those of functions in it."""
    stack = list(body)
    while stack:
        node = stack.pop()
        yield node
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            continue
        for name in ("body", "orelse", "finalbody"):
            stack.extend(getattr(node, name, ()))
        for handler in getattr(node, "handlers", ()):
            stack.extend(handler.body)
        for case in getattr(node, "cases", ()):
            stack.extend(case.body)


def made(own: Iterable[ast.stmt]) -> tuple[tuple[str, ...], bool]:
    """Return what a function makes and returns, also by way of a name.

    The second value tells whether it may return something else than that and literals.

    Args:
        own: The function's own statements, in the order of the text.
    """
    named: dict[str, str] = {}
    found: dict[str, None] = {}
    is_other = False
    for one in own:
        if isinstance(one, ast.Assign) and isinstance(one.value, ast.Call):
            for target in one.targets:
                if text := dotted(target):
                    named[text] = dotted(one.value.func)
        elif isinstance(one, ast.Return) and one.value is not None:
            value = one.value.value if isinstance(one.value, ast.Await) else one.value
            text = (
                dotted(value.func)
                if isinstance(value, ast.Call)
                else named.get(dotted(value), "")
            )
            if text:
                found.setdefault(text)
            elif not isinstance(value, _LITERALS):
                is_other = True
    return tuple(found), is_other


def forwards_to(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    body = node.body[1:] if is_docstring(node.body[0]) else node.body
    if len(body) != 1:
        return ""
    (only,) = body
    value = only.value if isinstance(only, ast.Return | ast.Expr) else None
    if isinstance(value, ast.Await):
        value = value.value
    if not isinstance(value, ast.Call):
        return ""
    parts = dotted(value.func).split(".")
    return parts[1] if len(parts) >= 3 and parts[0] == "self" else ""


def text_of(written: str) -> str:
    """Return a literal's text as it can be stored: half a surrogate cannot."""
    return written.encode("utf-8", "replace").decode()


def first_line(node: ast.Module | ast.ClassDef) -> str:
    """Return the first line of a docstring."""
    return text_of((ast.get_docstring(node) or "").partition("\n")[0])


def is_docstring(node: ast.stmt) -> bool:
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )


def is_abstract(body: Sequence[ast.stmt]) -> bool:
    for node in body:
        if isinstance(node, ast.Pass):
            continue
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            continue
        if isinstance(node, ast.Raise) and node.exc is not None:
            raised = node.exc.func if isinstance(node.exc, ast.Call) else node.exc
            if dotted(raised) == "NotImplementedError":
                continue
        return False
    return True


def caught(node: ast.expr | None) -> str | None:
    """Return what a handler catches, if that hides what is not there; else None."""
    if node is None:
        return ""
    caught = node.elts if isinstance(node, ast.Tuple) else [node]
    names = [dotted(one) for one in caught]
    if any(name in _BROAD or name in _ABSENCE for name in names):
        return ", ".join(names)
    return None


def suppressed(call: ast.Call) -> str | None:
    names = [dotted(one) for one in call.args]
    if any(name in _BROAD or name in _ABSENCE for name in names):
        return ", ".join(names)
    return None


def passes_on(body: Sequence[ast.stmt]) -> bool:
    return any(isinstance(node, ast.Raise) for node in own_statements(body))


def is_silent(handler: ast.ExceptHandler) -> bool:
    for node in handler.body:
        for one in ast.walk(node):
            if isinstance(one, ast.Call):
                name = dotted(one.func).rpartition(".")[2]
                if name in _LOUD or name == "print":
                    return False
            if (
                handler.name is not None
                and isinstance(one, ast.Name)
                and one.id == handler.name
            ):
                return False
    return True
