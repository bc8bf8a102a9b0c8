"""Whether what a handler caught comes out later."""

from __future__ import annotations

import ast
from collections.abc import Iterator

from goldenpath.guard._syntax import dotted, own_statements

# Who is given an exception and calls one of these tells all of it.
TRACEBACKS = frozenset(
    (
        "exception", "print_exc", "print_exception", "format_exc", "format_exception",
        "capture_exception",
    )
)  # fmt: skip
# These give it to somebody who raises it where it is waited for.
HANDED_ON = frozenset(("set_exception", "errback"))
_QUEUES = frozenset(("put", "put_nowait"))


def is_told_later(
    handler: ast.ExceptHandler, function: ast.FunctionDef | ast.AsyncFunctionDef | None
) -> bool:
    """Tell whether what a handler caught is kept, and its function tells it later.

    To tell is to raise it, to log its traceback, or to give it to who raises it. What
    is put into a queue is for somebody to tell.

    Args:
        handler: The handler; what it caught must have a name.
        function: The function round it.
    """
    if handler.name is None or function is None:
        return False
    if _is_queued(handler, handler.name):
        return True
    kept = set(_kept(handler, handler.name))
    if not kept:
        return False
    return any(
        not kept.isdisjoint(_told(node))
        for node in ast.walk(function)
        if isinstance(node, ast.Raise | ast.Call)
        and not handler.lineno <= node.lineno <= (handler.end_lineno or 0)
    )


def _kept(handler: ast.ExceptHandler, caught: str) -> Iterator[str]:
    """Yield the names under which what was caught is kept, or is among others."""
    for node in own_statements(handler.body):
        if isinstance(node, ast.Assign) and dotted(node.value) == caught:
            yield from filter(None, map(dotted, node.targets))
        elif isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            call = node.value
            owner, _, verb = dotted(call.func).rpartition(".")
            if owner and verb == "append" and caught in map(dotted, call.args):
                yield owner


def _is_queued(handler: ast.ExceptHandler, caught: str) -> bool:
    """Tell whether what was caught is put into a queue, alone or among others."""
    return any(
        caught in map(dotted, one.elts if isinstance(one, ast.Tuple) else [one])
        for node in ast.walk(handler)
        if isinstance(node, ast.Call)
        and dotted(node.func).rpartition(".")[2] in _QUEUES
        for one in node.args
    )


def _told(node: ast.Raise | ast.Call) -> Iterator[str]:
    """Yield what is raised, or told with its traceback."""
    if isinstance(node, ast.Raise):
        for one in (node.exc, node.cause):
            yield dotted(one)
            if isinstance(one, ast.Call):
                yield from map(dotted, one.args)
        return
    if dotted(node.func).rpartition(".")[2] in TRACEBACKS | HANDED_ON:
        yield from map(dotted, node.args)
    yield from (dotted(one.value) for one in node.keywords if one.arg == "exc_info")
