"""Lets the factory make what was made directly, where it can be told whom it is for.

Rule 1: the factory gets what the class was given, under the same names. What it would
        not take is a reason to leave the place.
Rule 2: what else it must have comes from a parameter or a local variable of that name,
        or from ``self.name`` if ``__init__`` has set it. A global says nothing.
Rule 3: what it may have is looked for in the same way if it asks for whom it makes one,
        and otherwise would be called with nothing at all.
"""

from __future__ import annotations

import ast
import dataclasses
from collections import defaultdict
from collections.abc import Iterator

from goldenpath.guard._facts import Binding, Call, Function, Signature
from goldenpath.guard._view import Construction, View
from goldenpath.guard.repair._changes import Changes, Collector, File
from goldenpath.guard.repair._imports import added, removed, without
from goldenpath.guard.repair._move import is_taken_from
from goldenpath.guard.repair._places import Places, more_arguments
from goldenpath.guard.repair._reach import loaded_by, named_like, replaced_at
from goldenpath.guard.repair._remove import times_bound
from goldenpath.guard.repair._source import Edit, EditError
from goldenpath.guard.rules import _gp106 as GP106  # noqa: N812
from goldenpath.guard.rules._gp106 import asks_for_whom

_Import = ast.Import | ast.ImportFrom


class _LeaveError(Exception):
    """A place is left to a person; the message says why."""


@dataclasses.dataclass(slots=True)
class _Served:
    """The calls in a file that one import serves, and that move.

    Attributes:
        head: The name that the import binds.
        calls: Those that made one directly.
        is_known: Whether all of them have the factory at hand already.
    """

    head: str
    calls: list[ast.Call] = dataclasses.field(default_factory=list)
    is_known: bool = True


def ask_factory(view: View, began: View) -> Changes:
    """Let the factory make what was made directly (GP106).

    Args:
        view: The tree as it is.
        began: As it was before the repair.
    """
    phase = Collector(view, began)
    factory = view.factory
    if factory is None:
        return phase.made
    wrong = {(one.path, one.line, one.column) for one in GP106.find(view)}
    by_file: dict[str, list[Construction]] = defaultdict(list)
    for made in view.constructions:
        if (made.path, made.call.line, made.call.column + 1) in wrong:
            by_file[made.path].append(made)
    if not by_file:
        return phase.made
    function = view.resolver.function_of(factory)
    assert function is not None
    if function.decorators or function.is_generator:
        why = f"{view.place_of(factory)} is decorated, or gives one by way of another"
        for path, found in sorted(by_file.items()):
            for made in found:
                phase.leave(path, made.call.line, why)
        return phase.made
    work = _Work(phase, function)
    for path in sorted(by_file):
        phase.edit(path, lambda file: work.file(file, by_file[file.path]))
    return phase.made


class _Work:
    """What is the same for all files.

    Args:
        phase: Collects what is done.
        function: The factory.
    """

    def __init__(self, phase: Collector, function: Function) -> None:
        view = phase.view
        assert view.factory is not None
        self.phase = phase
        self.view = view
        self.factory = view.factory
        self.function = function
        self.takes = function.signature
        self.given = _parameters(view)
        self.loads = loaded_by(view.project, view.factory.path)

    def file(self, file: File, made: list[Construction]) -> None:
        """Edit a file; places that are left are listed."""
        places = Places(file.source.tree)
        by_import: dict[_Import, _Served] = {}
        for one in sorted(made, key=lambda one: (one.call.line, one.call.column)):
            try:
                self._one(file, places, one, by_import)
            except _LeaveError as left:
                self.phase.leave(file.path, one.call.line, str(left))
        for statement, served in by_import.items():
            self._imports(file, places, statement, served)

    def _one(
        self,
        file: File,
        places: Places,
        made: Construction,
        by_import: dict[_Import, _Served],
    ) -> None:
        """Edit a call, and note which import serves it.

        Raises:
            _LeaveError: It stays as it is.
        """
        call = made.call
        node = places.call(call.line, call.column, call.target)
        if node is None:
            raise _LeaveError(f"{made.through}() stands in a formatted string")
        statement = None
        if not made.via_factory:
            statement = self._import_of(file, places, node, made)
            self._require_not_replaced(file, places, statement, made)
        name = self._name(file, places, node, statement, made)
        file.edits += self._call(file, places, node, name, made)
        text = ast.unparse(node)
        file.what.append(f"line {node.lineno}: {text} is made by {name}")
        if statement is not None:
            head = made.through.partition(".")[0]
            served = by_import.setdefault(statement, _Served(head))
            served.calls.append(node)
            served.is_known &= bool(self._known_as(file, places, node, made.call))

    # The import.

    def _import_of(
        self, file: File, places: Places, node: ast.Call, made: Construction
    ) -> _Import | None:
        """Return the import by which a call knows the class; None in its own module.

        Raises:
            _LeaveError: There is none, or not one alone.
        """
        view, path, call = self.view, file.path, made.call
        found = view.resolver.lookup(
            path, made.through, scope=call.scope, line=call.line
        )
        if [answer.thing for answer in found] != [view.home]:
            raise _LeaveError(f"{made.through} may be another object than the home")
        if self.factory.path == path:
            return None
        head = made.through.partition(".")[0]
        statements = [
            one
            for one in ast.walk(file.source.tree)
            if isinstance(one, ast.Import | ast.ImportFrom)
            and any(_local(alias) == head for alias in one.names)
        ]
        functions = places.functions(node)
        for scope in (*functions, None):
            inner = [s for s in statements if (*places.functions(s), None)[0] is scope]
            if not inner:
                continue
            if len(inner) > 1 or any(
                binding.is_typing and binding.name == head
                for binding in view.facts(path).bindings
                if binding.line == inner[0].lineno
            ):
                break
            return inner[0]
        raise _LeaveError(f"{head} is not imported here once, by its name")

    def _name(
        self,
        file: File,
        places: Places,
        node: ast.Call,
        statement: _Import | None,
        made: Construction,
    ) -> str:
        """Return the name that the factory has at a call, or will have.

        Raises:
            _LeaveError: It cannot have one.
        """
        if made.via_factory:
            return made.through
        view, path, name = self.view, file.path, self.factory.name
        is_loading = not places.functions(node)
        if path == self.factory.path:
            if is_loading and node.lineno <= self.factory.line:
                raise _LeaveError(f"{name} is defined further down")
            return name
        known = self._known_as(file, places, node, made.call)
        if known:
            return known
        if self._means_more(file, name):
            raise _LeaveError(f"the name {name} means something else here")
        assert statement is not None
        if path in self.loads and not places.functions(statement):
            place = view.place_of(self.factory)
            raise _LeaveError(f"importing {place} here would close a circle of imports")
        return name

    def _require_not_replaced(
        self, file: File, places: Places, statement: _Import | None, made: Construction
    ) -> None:
        """Refuse a class that tests replace where this call looks it up.

        Raises:
            _LeaveError: They do, and would not be noticed any more.
        """
        home, head = self.view.home, made.through.partition(".")[0]
        looked_up = [(file.path, head)]
        is_late = "." in made.through or (statement and places.functions(statement))
        if is_late and home.path != self.factory.path:
            looked_up.append((home.path, home.name))
        for path, name in looked_up:
            found = replaced_at(self.view, path, name)
            if found is not None:
                where = f"{found[0]}:{found[1]}"
                raise _LeaveError(f"{where} replaces {name}, and would miss this call")

    def _known_as(self, file: File, places: Places, node: ast.Call, call: Call) -> str:
        """Return the name under which the factory is imported already, if it is."""
        is_loading = not places.functions(node)
        for binding in self._imported(file.path):
            is_first = binding.line < call.line
            is_outside = not binding.scope and not is_loading
            if (
                not binding.is_guarded
                and not binding.is_typing
                and (is_outside or (is_first and binding.scope in ("", call.scope)))
                and not self._means_more(file, binding.name)
            ):
                return binding.name
        return ""

    def _imported(self, path: str) -> list[Binding]:
        """Return where a file imports the factory."""
        return [
            binding
            for binding in self.view.facts(path).bindings
            if binding.kind == "from"
            and [one.thing for one in self.view.resolver.follow(path, binding)]
            == [self.factory]
        ]

    def _means_more(self, file: File, name: str) -> bool:
        """Tell whether a name is bound to something else than the factory, too."""
        mine = sum(binding.name == name for binding in self._imported(file.path))
        return times_bound(file.source.tree, name) > mine

    def _imports(
        self, file: File, places: Places, statement: _Import, served: _Served
    ) -> None:
        """Import the factory, and no longer what nobody reads any more."""
        source, head, name = file.source, served.head, self.factory.name
        module = named_like(self.view, file.path, statement, self.factory.path)
        written = f"from {module} import {name}"
        besides = [*(one.func for one in served.calls), *places.outside(statement)]
        is_own = bool(places.functions(statement))  # nobody else can take it
        is_wanted = source.says(head, besides=besides) or (
            not is_own and is_taken_from(self.view, file.path, head)
        )
        # ``import a.b`` binds ``a`` for all that is below it.
        is_whole = isinstance(statement, ast.Import) and (
            len(statement.names) > 1 or not statement.names[0].asname
        )
        is_kept = is_whole or is_wanted
        if len(statement.names) == 1 and not is_kept:
            if served.is_known:
                file.edits.append(removed(source, statement))
            else:
                span = (source.start(statement), source.end(statement))
                file.edits.append(Edit(*span, written.encode()))
            return
        if not is_kept and isinstance(statement, ast.ImportFrom):
            gone = [alias for alias in statement.names if _local(alias) == head]
            file.edits += without(source, statement, gone)
        if not served.is_known:
            file.edits.append(added(source, statement, written))

    # The call.

    def _call(
        self,
        file: File,
        places: Places,
        node: ast.Call,
        name: str,
        made: Construction,
    ) -> list[Edit]:
        """Return the edits of a call.

        Raises:
            _LeaveError: The factory needs what is not at hand, or does not take what
                was given.
        """
        source = file.source
        is_async = self.function.is_async
        if is_async and not made.via_factory and not places.can_await(node):
            raise _LeaveError(
                f"{self.factory.name} is asynchronous, and nothing can be awaited here"
            )
        said: set[str] = set()
        edits: list[Edit] = []
        if not made.via_factory:
            edits += self._renamed_arguments(file, node, said)
        more = list(self._more(places, node, said))
        if more:
            try:
                edits.append(more_arguments(source, node, ", ".join(more)))
            except EditError as error:
                raise _LeaveError(str(error)) from None
        start, end = source.start(node.func), source.end(node.func)
        if not made.via_factory:
            if is_async and places.needs_brackets(node):
                edits.append(Edit(start, end, f"(await {name}".encode()))
                edits.append(Edit(source.end(node), source.end(node), b")"))
            else:
                keyword = "await " if is_async else ""
                edits.append(Edit(start, end, f"{keyword}{name}".encode()))
        return edits

    def _renamed_arguments(
        self, file: File, node: ast.Call, said: set[str]
    ) -> Iterator[Edit]:
        """Yield the edits by which what the class was given is given to the factory."""
        takes = self.takes
        positional = takes.positional
        names = (*positional[takes.only_positional :], *takes.keywords)
        if len(node.args) > len(self.given or ()) or any(
            isinstance(one, ast.Starred) for one in node.args
        ):
            raise _LeaveError("what it is given by position cannot be told")
        is_by_name = False
        for index, argument in enumerate(node.args):
            assert self.given is not None
            name = self.given[index]
            is_by_name |= positional[index : index + 1] != (name,)
            if is_by_name:
                if name not in names:
                    raise _LeaveError(f"{self.factory.name} takes no {name!r}")
                start = file.source.start(argument)
                yield Edit(start, start, f"{name}=".encode())
            said.add(name)
        for keyword in node.keywords:
            if keyword.arg not in names:
                what = repr(keyword.arg) if keyword.arg else "unpacked arguments"
                raise _LeaveError(f"{self.factory.name} takes no {what}")
            said.add(keyword.arg)

    def _more(self, places: Places, node: ast.Call, said: set[str]) -> Iterator[str]:
        """Yield the further arguments that the factory gets, as they are written."""
        takes = self.takes
        required = _required(takes)
        missing = [name for name in required if name not in said]
        found = {name: self._at_hand(places, node, name) for name in missing}
        lacking = [name for name, text in found.items() if not text]
        if lacking:
            listed = ", ".join(lacking)
            raise _LeaveError(
                f"{self.factory.name} needs {listed}, which is not at hand here"
            )
        optional = [
            n for n in (*takes.positional, *takes.keywords) if n not in required
        ]
        if not said and not found and self.view.once(asks_for_whom):
            found = {name: self._at_hand(places, node, name) for name in optional}
            if not any(found.values()):
                listed = " nor ".join(optional)
                raise _LeaveError(
                    f"nothing says here whom it is for: neither {listed} is at hand"
                    if len(optional) > 1
                    else f"nothing says here whom it is for: no {listed} is at hand"
                )
        is_by_name = bool(said)
        for name in (*takes.positional, *takes.keywords):
            text = found.get(name, "")
            is_only_positional = name in takes.positional[: takes.only_positional]
            if not text:
                is_by_name = True
            elif is_by_name or name in takes.keywords:
                if is_only_positional:
                    raise _LeaveError(f"{name} can only be given by its position")
                yield f"{name}={text}"
            else:
                yield text

    @staticmethod
    def _at_hand(places: Places, node: ast.Call, name: str) -> str:
        if places.holds(name, node):
            return name
        return f"self.{name}" if places.keeps(name, node) else ""


def _local(alias: ast.alias) -> str:
    return alias.asname or alias.name.partition(".")[0]


def _required(signature: Signature) -> list[str]:
    count = len(signature.positional) - signature.defaults
    return [*signature.positional[:count], *signature.required_keywords]


def _parameters(view: View) -> tuple[str, ...] | None:
    """Return what the home takes by position; None if that cannot be told."""
    resolver = view.resolver
    class_ = resolver.class_of(view.home)
    if class_ is None or class_.decorators or class_.keywords:
        return None
    init = resolver.method(view.home, "__init__")
    function = None if init is None else resolver.function_of(init)
    if function is None or function.decorators:
        return None
    return function.signature.positional[1:]
