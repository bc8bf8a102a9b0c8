"""GP201: A hazard in a WebSocket handshake.

What it finds:
    In code that touches the concept: a send or a receive before the accept in the same
    function; an accept in two places on one way; a sleep that waits for a connection;
    connections kept in a collection of a class or a module.

Why it matters:
    Each leads to a fault that users see. A send before the accept closes the socket
    with 1011 or an HTTP 500 (F02). Two accepts are an error of the protocol, on some
    servers only (F02). A sleep moves a race and leaves it (F10, F36). A collection of
    the class is shared by everybody who has ever connected, and by no second process
    (F13, F58).

Example:
    ``await asyncio.sleep(0.1)  # wait until connected`` between accept and send.

What to do instead:
    Accept in one place, and make the object that can send from the accept. Wait for
    conditions. Keep connections in an instance that is closed with the application.

Is the fix safe?
    It is not made: the order of a handshake is a decision.

When to allow it:
    A sleep that is no wait for a connection, such as a heartbeat's: it stands in a
    loop that sends. A collection is named only where WebSockets are spoken of: in the
    home's file, in the collection's own, or in its name; and never one that is weak, or
    only has a collection's name, such as a ``Counter`` for a monitor.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from goldenpath.guard._facts import Call, FileFacts, Function
from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._resolve import Thing
from goldenpath.guard._view import View
from goldenpath.guard._words import words_of

_SENDS = ("send", "receive", "iter_")
_SOCKETS = frozenset(("websocket", "websockets", "socket", "sockets", "ws"))
_KEEPS = frozenset(
    (*_SOCKETS, "connection", "connections", "client", "clients", "subscribers")
)
# What collections are made by.
_COLLECTIONS = ("builtins", "collections")


def find(view: View) -> Iterator[Finding]:
    """Yield a finding for each hazard."""
    for path in sorted(view.related):
        facts = view.facts(path)
        sockets = _sockets(facts)
        if not view.is_test(path):
            yield from _order(view, path, facts, sockets)
            yield from _sleeps(view, path, facts, sockets)
        yield from _shared(view, path, facts)


def _sockets(facts: FileFacts) -> dict[str, set[str]]:
    """Return the names of sockets among each function's parameters."""
    found: dict[str, set[str]] = {}
    for binding in facts.bindings:
        if binding.kind != "parameter":
            continue
        type_ = binding.target.rpartition(".")[2]
        if type_ == "WebSocket" or (not type_ and binding.name in ("websocket", "ws")):
            found.setdefault(binding.scope, set()).add(binding.name)
    return found


def _order(
    view: View, path: str, facts: FileFacts, sockets: dict[str, set[str]]
) -> Iterator[Finding]:
    for scope, names in sockets.items():
        for name in sorted(names):
            calls = [c for c in facts.calls if c.scope == scope]
            accepts = [
                (call, way)
                for call in calls
                if (way := _accepts(view, path, call, name)) is not None
            ]
            talks = [c for c in calls if _talks(c, name)]
            early = [c for c in talks if accepts and c.line < accepts[0][0].line]
            if early:
                yield _finding(
                    view,
                    path,
                    early[0],
                    f"{early[0].target}() before the accept in line "
                    f"{accepts[0][0].line} (F02)",
                )
            if len(accepts) > 1 and _is_one_way(facts, accepts):
                first, second = accepts[0], accepts[1]
                yield _finding(
                    view,
                    path,
                    second[0],
                    f"{name} is accepted a second time by {second[0].target}(); "
                    f"line {first[0].line} has done it (F02)",
                    evidence=[e for _, way in (first, second) for e in way],
                )


def _talks(call: Call, name: str) -> bool:
    head, _, method = call.target.rpartition(".")
    return head == name and method.startswith(_SENDS)


def _accepts(view: View, path: str, call: Call, name: str) -> list[Evidence] | None:
    """Return how a call accepts a socket, at most one call deep, or None."""
    if call.target == f"{name}.accept":
        return [Evidence(path, call.line, f"{name}.accept()")]
    if name not in call.arguments:
        return None
    for thing in _called(view, path, call):
        function = view.resolver.function_of(thing)
        if function is None:
            continue
        parameter = _parameter(function, call.arguments.index(name))
        inner = f"{thing.name}"
        for other in view.facts(thing.path).calls:
            if other.scope == inner and other.target == f"{parameter}.accept":
                return [
                    Evidence(path, call.line, f"calls {call.target}"),
                    Evidence(thing.path, other.line, f"{parameter}.accept()"),
                ]
    return None


def _called(view: View, path: str, call: Call) -> Iterable[Thing]:
    receiver, _, method = call.target.rpartition(".")
    if receiver:
        owners = view.resolver.instances(
            path, receiver, scope=call.scope, line=call.line
        )
        for owner in owners:
            thing = view.resolver.method(owner, method)
            if thing is not None:
                yield thing
        if owners:
            return
    for answer in view.resolver.lookup(
        path, call.target, scope=call.scope, line=call.line
    ):
        yield answer.thing


def _parameter(function: Function, index: int) -> str:
    names = function.signature.positional
    is_method = bool(function.scope) and "staticmethod" not in function.decorators
    index += is_method
    return names[index] if index < len(names) else ""


def _is_one_way(facts: FileFacts, accepts: list[tuple[Call, list[Evidence]]]) -> bool:
    """Tell whether both accepts run: nothing between them is under a condition."""
    first, second = accepts[0][0], accepts[1][0]
    guards = {
        line
        for start, end in facts.branches
        for line in (first.line, second.line)
        if start <= line <= end
    }
    return not guards


def _sleeps(
    view: View, path: str, facts: FileFacts, sockets: dict[str, set[str]]
) -> Iterator[Finding]:
    for call in facts.calls:
        if call.target not in ("asyncio.sleep", "sleep", "time.sleep", "anyio.sleep"):
            continue
        names = sockets.get(call.scope, set())
        if not names or call.arguments == ("0",):
            continue
        around = [c for c in facts.calls if c.scope == call.scope]
        before = any(
            _accepts(view, path, c, name) is not None or "accept" in c.target
            for c in around
            for name in names
            if c.line < call.line
        )
        after = [c for c in around if c.line > call.line]
        talks = any(_talks(c, name) for c in after for name in names)
        in_loop = any(s <= call.line <= e for s, e in facts.loops)
        if before and (talks or after) and not in_loop:
            yield _finding(
                view,
                path,
                call,
                f"{call.target}() in a handshake waits for time and not for a "
                "condition: the race is still there (F10, F36)",
            )


def _shared(view: View, path: str, facts: FileFacts) -> Iterator[Finding]:
    if not facts.collections and not any(one.collections for one in facts.classes):
        return
    is_about = view.once(_is_about_sockets) or _speaks_of_sockets(facts)
    for class_ in facts.classes:
        for name, line, where in class_.collections:
            if where != "class" or not _keeps_connections(name, is_about=is_about):
                continue
            if _is_collection(view, path, class_.qualified, name, line):
                yield _shared_finding(
                    view,
                    path,
                    line,
                    f"{class_.qualified}.{name} is one collection for all instances",
                )
    for name, line, _where in facts.collections:
        if _keeps_connections(name, is_about=is_about) and _is_collection(
            view, path, "", name, line
        ):
            yield _shared_finding(
                view, path, line, f"{name} is one collection for the whole module"
            )


def _is_about_sockets(view: View) -> bool:
    """Tell whether the concept is: by its names, or by what its home's file knows."""
    return any(
        not _SOCKETS.isdisjoint(words) for words in view.concept.phrases
    ) or _speaks_of_sockets(view.facts(view.home.path))


def _speaks_of_sockets(facts: FileFacts) -> bool:
    """Tell whether a file imports or is given something of WebSockets."""
    return any(
        not _SOCKETS.isdisjoint((*words_of(binding.name), *words_of(binding.target)))
        for binding in facts.bindings
        if binding.kind in ("from", "import", "import_as", "parameter")
        and binding.target.partition(":")[0] != "socket"  # of the standard library
    )


def _keeps_connections(name: str, *, is_about: bool) -> bool:
    words = words_of(name)
    return any(word in (_KEEPS if is_about else _SOCKETS) for word in words)


def _is_collection(view: View, path: str, scope: str, name: str, line: int) -> bool:
    """Tell whether what looks like a collection is one, and keeps what is in it."""
    for binding in view.facts(path).bindings:
        if (binding.name, binding.line, binding.kind) != (name, line, "call"):
            continue
        for answer in view.resolver.lookup(
            path, binding.target, scope=scope, line=line
        ):
            made = answer.thing
            first = made.name.partition(".")[0]
            return made.kind == "external" and first in _COLLECTIONS
    return True


def _shared_finding(view: View, path: str, line: int, what: str) -> Finding:
    return Finding(
        code="GP201",
        concept=view.concept.name,
        path=path,
        line=line,
        message=(
            f"{what}: it outlives every connection, and no second process sees it "
            "(F13, F58)"
        ),
        subject=what,
        evidence=(Evidence(path, line, "kept here"),),
        is_test=view.is_test(path),
    )


def _finding(
    view: View,
    path: str,
    call: Call,
    what: str,
    *,
    evidence: Iterable[Evidence] = (),
) -> Finding:
    return Finding(
        code="GP201",
        concept=view.concept.name,
        path=path,
        line=call.line,
        column=call.column + 1,
        message=what,
        subject=f"{call.scope}:{call.target}",
        evidence=tuple(evidence) or (Evidence(path, call.line, call.target + "()"),),
        is_test=view.is_test(path),
    )
