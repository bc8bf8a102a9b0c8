"""What a test function promises, and whether it could fail at all."""

from __future__ import annotations

import ast

from goldenpath.guard._facts import Test
from goldenpath.guard._syntax import dotted, is_abstract, is_docstring

_FAILS = frozenset(("pytest.raises", "pytest.warns", "pytest.fail", "self.fail"))


def read_test(
    node: ast.FunctionDef | ast.AsyncFunctionDef, *, scope: str, swallows: bool
) -> Test:
    """Return the facts of a test."""
    asserts = constant = 0
    is_skipped = any(
        dotted(d).removesuffix("()").endswith((".skip", "mark.skip"))
        for d in node.decorator_list
    )
    for one in ast.walk(node):
        if isinstance(one, ast.Assert):
            asserts += 1
            constant += _cannot_fail(one.test)
        elif isinstance(one, ast.Call):
            text = dotted(one.func)
            last = text.rpartition(".")[2]
            asserts += (
                text.startswith("self.assert")
                or last.startswith("assert_")
                or text in _FAILS
            )
    body = node.body[1:] if is_docstring(node.body[0]) else node.body
    if body and isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Call):
        is_skipped |= dotted(body[0].value.func) in ("pytest.skip", "self.skipTest")
    return Test(
        node.name,
        node.lineno,
        scope,
        tuple(filter(None, (dotted(d) for d in node.decorator_list))),
        tuple(a.arg for a in node.args.args if a.arg not in ("self", "cls")),
        asserts,
        constant,
        is_abstract(node.body),
        is_skipped,
        swallows,
    )


def _cannot_fail(test: ast.expr) -> bool:
    if isinstance(test, ast.Constant):
        return bool(test.value)
    if isinstance(test, ast.JoinedStr):
        return True
    if isinstance(test, ast.Tuple):
        return bool(test.elts)
    if isinstance(test, ast.BoolOp) and isinstance(test.op, ast.Or):
        return any(_cannot_fail(value) for value in test.values)
    return False
