"""Gives mocks of the home its signature.

A mock with a spec refuses what the home does not have. A test that fails then has
found something, and is not to be believed before.
"""

from __future__ import annotations

import ast

from goldenpath.guard._facts import Call
from goldenpath.guard._inventory import _mocked
from goldenpath.guard._view import View
from goldenpath.guard.repair._changes import Changes, Collector, File
from goldenpath.guard.repair._places import Places, more_arguments
from goldenpath.guard.repair._source import EditError
from goldenpath.guard.rules import _gp107 as GP107  # noqa: N812

_PATCHES = ("unittest.mock.patch", "mock.patch")


def give_specs(view: View, began: View) -> Changes:
    """Let ``patch`` of the home take over what the home can be called with (GP107).

    Args:
        view: The tree as it is.
        began: As it was before the repair.
    """
    phase = Collector(view, began)
    mocked: dict[str, list[Call]] = {}
    for finding in GP107.find(view):
        if finding.data.get("pattern") == "mock":
            facts = view.facts(finding.path)
            mocked[finding.path] = [
                call
                for call in facts.calls
                if _mocked(view, finding.path, facts, call) == "mock"
            ]
        else:
            why = f"the test goes its own way: {finding.subject}"
            phase.leave(finding.path, finding.line, why)

    def work(file: File) -> None:
        places = Places(file.source.tree)
        for call in mocked[file.path]:
            try:
                _give(view, file, places, call)
            except EditError as error:
                phase.leave(file.path, call.line, str(error))

    for path in sorted(mocked):
        phase.edit(path, work)
    return phase.made


def _give(view: View, file: File, places: Places, call: Call) -> None:
    """Add the spec to a call.

    Raises:
        EditError: It is no ``patch``, or may have one already.
    """
    node = places.call(call.line, call.column, call.target)
    if node is not None and not _is_of_home(view, file.path, node):
        return  # another one in the same line
    if node is None or not _is_patch(view, file.path, call):
        raise EditError(f"{call.target}() is no patch that is known")
    if call.has_star:
        raise EditError(f"{call.target}() is given unpacked arguments")
    file.edits.append(more_arguments(file.source, node, "autospec=True"))
    file.what.append(f"line {call.line}: {call.target}() takes over the signature")


def _is_of_home(view: View, path: str, node: ast.Call) -> bool:
    return any(
        isinstance(one, ast.Constant)
        and isinstance(one.value, str)
        and view.is_home(
            view.resolver.absolute(one.value.replace(":", "."), importer=path) or ()
        )
        for one in node.args
    )


def _is_patch(view: View, path: str, call: Call) -> bool:
    if call.target == "mocker.patch":  # pytest-mock's fixture
        return any(
            binding.kind == "parameter"
            and binding.name == "mocker"
            and f"{call.scope}.".startswith(f"{binding.scope}.")
            for binding in view.facts(path).bindings
        )
    found = view.resolver.lookup(path, call.target, scope=call.scope, line=call.line)
    return bool(found) and all(one.thing.name in _PATCHES for one in found)
