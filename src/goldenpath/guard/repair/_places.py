"""Where an expression stands in its file, and which names certainly hold there.

Rule 1: a name holds where every way to that line binds it: as a parameter, or by a
        statement further up in the same block or one round it.
Rule 2: positions inside of f-strings are not to be trusted in every Python, so nothing
        is edited there.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Iterator

from goldenpath.guard._syntax import FUNCTIONS, dotted
from goldenpath.guard.repair._remove import _binds
from goldenpath.guard.repair._source import Edit, EditError, Source

Function = ast.FunctionDef | ast.AsyncFunctionDef
_COMPREHENSIONS = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_SCOPES = (*FUNCTIONS, ast.ClassDef, ast.Lambda, *_COMPREHENSIONS)
# What may stand behind the last argument of a call: first, what closes that one.
_BLANK = rb"(?:\s|#[^\r\n]*|\\\r?\n)*"
_TAIL = re.compile(rb"((?:%b\))*?)%b(?:,%b)?\)" % (_BLANK, _BLANK, _BLANK))


class Places:
    """The nodes of a file, each with what it stands in.

    Args:
        tree: The file.
    """

    def __init__(self, tree: ast.Module) -> None:
        self.tree = tree
        self._parents = {
            child: parent
            for parent in ast.walk(tree)
            for child in ast.iter_child_nodes(parent)
        }

    def parent(self, node: ast.AST) -> ast.AST | None:
        """Return what a node stands in directly."""
        return self._parents.get(node)

    def above(self, node: ast.AST) -> Iterator[tuple[ast.AST, ast.AST]]:
        """Yield each pair of a node and what it stands in, from the inside out."""
        parent = self._parents.get(node)
        while parent is not None:
            yield node, parent
            node, parent = parent, self._parents.get(parent)

    def call(self, line: int, column: int, target: str) -> ast.Call | None:
        """Return the node of a call; None if it cannot be edited where it stands.

        Args:
            line: Where it begins.
            column: Likewise.
            target: Dotted text of what is called: ``a().b()`` begins as ``a()`` does.
        """
        for node in ast.walk(self.tree):
            if (
                isinstance(node, ast.Call)
                and (node.lineno, node.col_offset) == (line, column)
                and dotted(node.func) == target
            ):
                is_formatted = any(
                    isinstance(parent, ast.JoinedStr)
                    for _child, parent in self.above(node)
                )
                return None if is_formatted else node
        return None

    def functions(self, node: ast.AST) -> list[Function]:
        """Return the functions in whose bodies a node stands, the innermost first."""
        return [
            parent
            for child, parent in self.above(node)
            if isinstance(parent, FUNCTIONS) and child in parent.body
        ]

    def outside(self, node: ast.AST) -> list[ast.AST]:
        """Return what stands outside of the innermost function that a node is in."""
        functions = self.functions(node)
        if not functions:
            return []
        return [
            other
            for child, parent in self.above(functions[0])
            for other in ast.iter_child_nodes(parent)
            if other is not child
        ]

    def can_await(self, node: ast.AST) -> bool:
        """Tell whether an ``await`` may stand where a node stands."""
        for child, parent in self.above(node):
            if isinstance(parent, ast.Lambda | ast.GeneratorExp):
                return False
            if isinstance(parent, FUNCTIONS) and child in parent.body:
                return isinstance(parent, ast.AsyncFunctionDef)
        return False

    def needs_brackets(self, node: ast.expr) -> bool:
        """Tell whether an ``await`` in place of a node needs round brackets."""
        match self._parents.get(node):
            case ast.Attribute() | ast.Subscript(value=ast.expr()) as outer:
                return outer.value is node
            case ast.Call(func=inner):
                return inner is node
            case ast.Await():
                return True
        return False

    def holds(self, name: str, node: ast.expr) -> bool:
        """Tell whether a parameter or a local variable certainly has a value."""
        above = list(self.above(node))
        is_seen = True
        for index, (child, parent) in enumerate(above):
            if isinstance(parent, ast.Module):
                return False
            if isinstance(parent, _SCOPES) and not _is_body(parent, child):
                continue  # a default, a decorator or a base belongs outside
            found = _bound_by(parent, child, name) if is_seen else None
            if found is not None:
                return found and not self._is_deleted(name)
            if not isinstance(parent, _SCOPES):
                continue
            # What a scope binds, it does not take from further out.
            if is_seen and any(_binds(one, name) for one in ast.walk(parent)):
                return False
            # Nobody inside sees what a class binds for itself.
            outer = (
                p
                for c, p in above[index + 1 :]
                if isinstance(p, _SCOPES) and _is_body(p, c)
            )
            is_seen = not isinstance(next(outer, None), ast.ClassDef)
        return False

    def _is_deleted(self, name: str) -> bool:
        return any(
            isinstance(one, ast.Name)
            and one.id == name
            and isinstance(one.ctx, ast.Del)
            for one in ast.walk(self.tree)
        )

    def keeps(self, name: str, node: ast.expr) -> bool:
        """Tell whether ``self.name`` has been set by the ``__init__`` of its class."""
        for method in self.functions(node):
            owner = self._parents.get(method)
            if not isinstance(owner, ast.ClassDef):
                if "self" in _parameters(method.args):
                    return False
                continue
            is_plain = not any(
                dotted(one).rpartition(".")[2] in ("staticmethod", "classmethod")
                for one in method.decorator_list
            )
            arguments = (*method.args.posonlyargs, *method.args.args)
            if not is_plain or not arguments or arguments[0].arg != "self":
                return False
            return any(
                _sets(statement, f"self.{name}")
                and (made is not method or statement.lineno < node.lineno)
                for made in owner.body
                if isinstance(made, FUNCTIONS) and made.name == "__init__"
                for statement in made.body
            )
        return False


def _is_body(scope: ast.AST, child: ast.AST) -> bool:
    """Tell whether a node is of those that a scope is made for."""
    if isinstance(scope, _COMPREHENSIONS):
        return True
    body = getattr(scope, "body", ())
    return child in body if isinstance(body, list) else child is body


def _parameters(arguments: ast.arguments) -> set[str]:
    return {one.arg for one in ast.walk(arguments) if isinstance(one, ast.arg)}


def _names(target: ast.AST) -> set[str]:
    return {
        one.id
        for one in ast.walk(target)
        if isinstance(one, ast.Name) and isinstance(one.ctx, ast.Store)
    }


def _bound_by(parent: ast.AST, child: ast.AST, name: str) -> bool | None:
    """Tell whether a name holds by what stands round a node; None if nothing says."""
    match parent:
        case ast.FunctionDef() | ast.AsyncFunctionDef() | ast.Lambda():
            has_it = name in _parameters(parent.args)
        case ast.For() | ast.AsyncFor():
            has_it = child in parent.body and name in _names(parent.target)
        case ast.With() | ast.AsyncWith():
            has_it = child in parent.body and name in _given(parent)
        case ast.ExceptHandler():
            has_it = parent.name == name
        case ast.ListComp() | ast.SetComp() | ast.DictComp() | ast.GeneratorExp():
            is_bound = any(name in _names(one.target) for one in parent.generators)
            # Which part of it comes first is not worth a question.
            return (child not in parent.generators) if is_bound else None
        case _:
            has_it = False
    for statement in reversed(_before(parent, child)):
        if name in _assigned(statement):
            return _sets(statement, name)
    return True if has_it else None


def _given(node: ast.With | ast.AsyncWith) -> set[str]:
    return {
        name
        for item in node.items
        if item.optional_vars is not None
        for name in _names(item.optional_vars)
    }


def _before(parent: ast.AST, child: ast.AST) -> list[ast.stmt]:
    """Return the statements that ran before one of the same block."""
    for field in ("body", "orelse", "finalbody"):
        block = getattr(parent, field, None)
        if isinstance(block, list) and child in block:
            return block[: block.index(child)]
    return []


def _assigned(statement: ast.stmt) -> set[str]:
    match statement:
        case ast.Assign():
            return {name for target in statement.targets for name in _names(target)}
        case ast.AnnAssign(value=ast.expr()):
            return _names(statement.target)
        case ast.With() | ast.AsyncWith():
            return _given(statement)
    return set()


def _sets(statement: ast.stmt, name: str) -> bool:
    """Tell whether a statement gives a name, or ``self.name``, a value but None."""
    value = getattr(statement, "value", None)
    if isinstance(value, ast.Constant) and value.value is None:
        return False
    match statement:
        case ast.Assign():
            targets = statement.targets
        case ast.AnnAssign(value=ast.expr()):
            targets = [statement.target]
        case _:
            return name in _assigned(statement)
    return any(dotted(target) == name for target in targets) or (
        name in _assigned(statement)
    )


def more_arguments(source: Source, call: ast.Call, written: str) -> Edit:
    """Return the edit that puts an argument behind all others.

    Raises:
        EditError: The call ends in a way that is not edited.
    """
    given = [*call.args, *(one.value for one in call.keywords)]
    end = source.end(call)
    if given:
        last = max(source.end(one) for one in given)
    else:
        last = source.end(call.func)
        opening = source.bytes.find(b"(", last, end)
        if source.bytes[last:opening].strip() or opening < 0:
            raise EditError(f"line {call.lineno} is written in an unusual way")
        last = opening + 1
    tail = _TAIL.fullmatch(source.bytes, last, end)
    if tail is None:
        raise EditError(f"line {call.lineno} ends its call in an unusual way")
    last = tail.end(1)
    return Edit(last, last, (f", {written}" if given else written).encode())
