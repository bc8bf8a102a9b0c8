"""Writes what the protocol says of itself into the docs' marked regions.

Run as ``python tools/gen_protocol_docs.py``. Frames, events, close codes, limits and
the states of a connection are defined once, in the code. A region begins with
``<!-- generated: NAME -->`` and ends with ``<!-- end generated -->``; what is between
them is replaced. With ``--check`` nothing is written, and the exit code says whether
the pages are fresh.
"""

from __future__ import annotations

import inspect
import json
import re
import sys
from collections import deque
from collections.abc import Callable, Iterable
from dataclasses import fields
from pathlib import Path
from typing import Any

import msgspec
from generated import write_or_check
from msgspec import inspect as shapes

from goldenpath._settings import Settings
from goldenpath.protocol._close_codes import CLOSE_RULES, CloseCode, ComeBack
from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._events import EVENT_TYPES
from goldenpath.protocol._frames import (
    AnyClientFrame,
    AnyServerFrame,
    Limits,
    Person,
    SnapshotState,
    ThreadSummary,
)
from goldenpath.protocol._lifecycle import TRANSITIONS, Lifecycle, Signal, State

ROOT = Path(__file__).parent.parent
PAGES = (
    "PROTOCOL.md",
    "docs/reference/close-codes.md",
    "docs/explanation/lifecycle.md",
)
END = "<!-- end generated -->"
REGION = re.compile(
    rf"<!-- generated: (?P<name>[a-z-]+) -->\n.*?{re.escape(END)}", re.DOTALL
)
VALUES: tuple[type[msgspec.Struct], ...] = (
    Cursor,
    Person,
    Limits,
    SnapshotState,
    ThreadSummary,
)
COME_BACK = {
    ComeBack.AT_ONCE: "comes back at once and resumes",
    ComeBack.AFTER_DELAY: "comes back after the delay that it was given, and resumes",
    ComeBack.BACK_OFF: "comes back after a random delay that grows, and resumes",
    ComeBack.LOG_IN: "stops until somebody logs in",
    ComeBack.RELOAD: "loads itself anew",
    ComeBack.NEVER: "stops, and says why",
}
# The settings that a peer can notice.
WIRE_LIMITS = (
    "frame_bytes",
    "hello_bytes",
    "frame_depth",
    "message_bytes",
    "early_frames",
    "early_bytes",
    "frames_per_second",
    "frames_burst",
    "connections_per_user",
    "ticket_lasts",
    "hello_within",
    "authenticated_within",
    "welcome_within",
    "heartbeat_every",
    "silent_after",
    "send_within",
    "expiring_before",
    "expired_grace",
    "drain_within",
    "merge_bytes",
    "summarise_bytes",
    "snapshot_bytes",
    "stalled_after",
    "snapshot_state_bytes",
    "replay_events",
    "delta_every",
    "delta_bytes",
    "tool_result_bytes",
    "final_text_bytes",
)


def main(arguments: list[str]) -> int:
    """Write the pages, or compare them."""
    return write_or_check(
        {name: filled(_text(name)) for name in PAGES},
        root=ROOT,
        arguments=arguments,
        command="python tools/gen_protocol_docs.py",
    )


def filled(page: str) -> str:
    """Return a page with its regions filled anew."""
    return REGION.sub(
        lambda found: (
            f"<!-- generated: {found['name']} -->\n"
            f"{REGIONS[found['name']]().strip()}\n{END}"
        ),
        page,
    )


def structs(kinds: Iterable[type[msgspec.Struct]], *, level: str = "###") -> str:
    """Return a section for each struct: what it is for, and its fields."""
    return "\n\n".join(_section(kind, level) for kind in kinds)


def close_codes() -> str:
    """Return the table of close codes."""
    return _table(
        ("code", "name", "meaning", "the client"),
        (
            (
                str(int(code)),
                _quoted(code.name.lower()),
                rule.meaning,
                COME_BACK[rule.come_back],
            )
            for code, rule in CLOSE_RULES.items()
        ),
    )


def limits() -> str:
    """Return the table of the settings that a peer can notice."""
    meanings = field_docs(Settings)
    defaults = {field.name: field.default for field in fields(Settings)}
    return _table(
        ("setting", "default", "meaning"),
        (
            (_quoted(name), _amount(name, defaults[name]), meanings[name])
            for name in WIRE_LIMITS
        ),
    )


def diagram() -> str:
    """Return the states of a connection as a Mermaid diagram."""
    ways: dict[tuple[State, State], list[str]] = {}
    for state, row in TRANSITIONS.items():
        for signal, (target, _) in row.items():
            if target is not state:
                ways.setdefault((state, target), []).append(signal.value)
    first = next(iter(TRANSITIONS))
    lines = ["```mermaid", "stateDiagram-v2", f"    [*] --> {first.value}"]
    lines.extend(
        f"    {state.value} --> {target.value}: {', '.join(signals)}"
        for (state, target), signals in ways.items()
    )
    return "\n".join([*lines, f"    {State.CLOSED.value} --> [*]", "```"])


def deadlines() -> str:
    """Return what happens in each state when nobody does anything."""
    rows = []
    for state, signals in _shortest_ways().items():
        life = _lifecycle()
        for signal in signals:
            if signal is Signal.CLOSE:
                life.close(CloseCode.MOVING, now=0.0)
            else:
                life.handle(signal, now=0.0)
        before = life.close_code
        waited: list[str] = []
        while life.state is state and (deadline := life.deadline()) is not None:
            effects = life.tick(now=deadline)
            if not waited or life.state is not state:
                done = ", ".join(effect.value for effect in effects)
                waited.append(f"{done} after {deadline:g} s")
        code = life.close_code if life.close_code is not before else None
        if waited:
            rows.append(
                (
                    _quoted(state.value),
                    "; ".join(waited),
                    _quoted(life.state.value),
                    "" if code is None else str(int(code)),
                )
            )
    return _table(("state", "what the server does", "next state", "code"), rows)


def field_docs(kind: type) -> dict[str, str]:
    """Return what a docstring says of each field."""
    found: dict[str, str] = {}
    name = ""
    _, _, attributes = (inspect.getdoc(kind) or "").partition("Attributes:\n")
    for line in attributes.splitlines():
        start = re.match(r" {4}(\w+): (.+)", line)
        if start:
            name = start[1]
            found[name] = start[2]
        elif name:
            found[name] += f" {line.strip()}"
    return {name: text.strip().replace("``", "`") for name, text in found.items()}


def _section(kind: type[msgspec.Struct], level: str) -> str:
    shape = shapes.type_info(kind)
    assert isinstance(shape, shapes.StructType)
    title = shape.tag if shape.tag is not None else kind.__name__
    summary = (inspect.getdoc(kind) or "").partition("\n\n")[0].replace("\n", " ")
    meanings = field_docs(kind)
    rows = [
        (
            _quoted(field.encode_name),
            _words(field.type),
            "required" if field.required else _default(field),
            meanings[field.name],
        )
        for field in shape.fields
    ]
    parts = [f"{level} `{title}`", summary.replace("``", "`")]
    if rows:
        parts.append(_table(("field", "type", "if absent", "meaning"), rows))
    return "\n\n".join(parts)


def _default(field: shapes.Field) -> str:
    default = field.default
    if field.default_factory is not msgspec.NODEFAULT:
        default = field.default_factory()
    return "" if default is None else _quoted(json.dumps(default))


def _words(shape: shapes.Type) -> str:
    match shape:
        case shapes.StrType():
            return f"text{_bounds(shape.min_length, shape.max_length)}"
        case shapes.IntType():
            return "whole number"
        case shapes.FloatType():
            return "number"
        case shapes.BoolType():
            return "true or false"
        case shapes.AnyType():
            return "JSON"
        case shapes.LiteralType():
            return " or ".join(_quoted(json.dumps(value)) for value in shape.values)
        case shapes.DictType():
            bounds = _bounds(shape.min_length, shape.max_length)
            return f"object of {_words(shape.value_type)}{bounds}"
        case shapes.VarTupleType():
            bounds = _bounds(shape.min_length, shape.max_length)
            return f"list of {_words(shape.item_type)}{bounds}"
        case shapes.StructType():
            return _quoted(shape.cls.__name__ if shape.tag is None else str(shape.tag))
        case shapes.UnionType():
            some = [one for one in shape.types if not isinstance(one, shapes.NoneType)]
            return _words(some[0]) if len(some) == 1 else "event"
    raise NotImplementedError(shape)


def _bounds(low: int | None, high: int | None) -> str:
    if high is None:
        return "" if low is None else f", {low} or more"
    return f", {low or 0} to {high}"


def _amount(name: str, value: Any) -> str:
    if name.endswith("_bytes"):
        return f"{value // 1024} KiB"
    if name.endswith(("_within", "_every", "_after", "_before", "_grace", "_lasts")):
        return f"{value:g} s"
    return f"{value:g}"


def _table(head: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [head, ("---",) * len(head), *rows]
    return "\n".join(f"| {' | '.join(line)} |" for line in lines).replace("|  |", "| |")


def _quoted(text: str) -> str:
    return f"`{text}`"


def _lifecycle() -> Lifecycle:
    settings = Settings()
    return Lifecycle(
        now=0.0,
        hello_within=settings.hello_within,
        authenticated_within=settings.authenticated_within,
        welcome_within=settings.welcome_within,
        ping_every=settings.heartbeat_every,
        silent_after=settings.silent_after,
        drain_within=settings.drain_within,
    )


def _shortest_ways() -> dict[State, tuple[Signal, ...]]:
    """Return how each state is reached from the first."""
    first = next(iter(TRANSITIONS))
    ways: dict[State, tuple[Signal, ...]] = {first: ()}
    waiting = deque([first])
    while waiting:
        state = waiting.popleft()
        for signal, (target, _) in TRANSITIONS[state].items():
            if target not in ways:
                ways[target] = (*ways[state], signal)
                waiting.append(target)
    return {state: ways[state] for state in State}


def _text(name: str) -> str:
    return (ROOT / name).read_text("utf-8")


REGIONS: dict[str, Callable[[], str]] = {
    "client-frames": lambda: structs(AnyClientFrame.__args__),
    "server-frames": lambda: structs(AnyServerFrame.__args__),
    "values": lambda: structs(VALUES),
    "events": lambda: structs(EVENT_TYPES.values()),
    "close-codes": close_codes,
    "limits": limits,
    "diagram": diagram,
    "deadlines": deadlines,
}

if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
