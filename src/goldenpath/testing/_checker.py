"""Whether the promise was kept, decided from what was seen and what is stored.

Rule 1: the checker believes nobody: it applies the frames again by itself.
Rule 2: it says what it found in words, and finds nothing only if all of it holds.

The invariants, by the numbers that the tests use:

I1. What was acknowledged is in the log, once.
I2. A device applied 1, 2, 3 … without a hole and without repetition, or was given
    a snapshot; a number means one event, whoever is told of it.
I3. In the end every device holds what the log holds.
I4. No device was sent anything of somebody else's.
I5. Every run has exactly one end.
I6. A run has one writer at a time: its events are in order, and so are the fencing
    tokens that they were written with.
I7. Every open connection is registered, and every registered one is open.
I8. No connection costs more memory than it may.
I9. No connection was closed with 1011, and nothing was logged as an error, except
    what a test has done on purpose.

I1 to I5 and the first half of I6 follow from frames and logs. The rest needs
:class:`Evidence`: what is not given is not checked.
"""

from __future__ import annotations

import dataclasses
import re
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from goldenpath.errors import OrderError
from goldenpath.protocol._close_codes import CloseCode
from goldenpath.protocol._events import (
    RUN_ENDS,
    AgentInterrupted,
    Event,
    Unreadable,
    UserMessage,
)
from goldenpath.protocol._frames import (
    AnyServerFrame,
    EventFrame,
    Live,
    Ping,
    Result,
    Snapshot,
    Welcome,
)
from goldenpath.protocol._order import RunOrder
from goldenpath.protocol._replica import Replica
from goldenpath.protocol._transcript import Transcript

_ERROR_LINES = re.compile(r"^.*(?: ERROR | CRITICAL |Traceback).*$", re.MULTILINE)


@dataclasses.dataclass(slots=True)
class Witness:
    """What one device saw.

    Attributes:
        name: For the findings.
        may_read: The logs that its user may read.
        frames: All frames that it was sent, in order.
        acknowledged: Results of the messages that it sent.
        has_left: It left before the end, so it does not hold what came afterwards.
    """

    name: str
    may_read: set[str] = dataclasses.field(default_factory=set)
    frames: list[AnyServerFrame] = dataclasses.field(default_factory=list)
    acknowledged: list[Result] = dataclasses.field(default_factory=list)
    has_left: bool = False


@dataclasses.dataclass(frozen=True, slots=True)
class Write:
    """An append to a run that the log accepted, in the order of acceptance.

    Attributes:
        run: Which run.
        owner: Who wrote.
        token: The fencing token that it was written with.
    """

    run: str
    owner: str
    token: int


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Evidence:
    """What else is known of a server, for the invariants that frames cannot show.

    Attributes:
        writes: All accepted appends to runs (I6).
        open_connections: How many connections are open after all came to rest (I7).
        registered: How many of them the server knows then (I7).
        connection_bytes: Memory of a connection, as it was measured, each time (I8).
        connection_bytes_most: And what it may be (I8).
        close_codes: Codes with which the server closed connections (I9).
        server_log: What the server logged (I9).
        injected: Parts of the log's lines that the test has caused (I9).
        interrupted_within: Seconds that may pass between what an interrupted run
            said last and its end (I5); for agents that are never silent for long.
    """

    writes: Sequence[Write] = ()
    open_connections: int | None = None
    registered: int | None = None
    connection_bytes: Sequence[float] = ()
    connection_bytes_most: float | None = None
    close_codes: Sequence[int] = ()
    server_log: str = ""
    injected: Sequence[str] = ()
    interrupted_within: float | None = None


def violations(
    witnesses: Iterable[Witness],
    logs: Mapping[str, Sequence[EventFrame]],
    *,
    all_ended: bool = True,
    evidence: Evidence | None = None,
) -> list[str]:
    """Return what does not hold; nothing if everything does.

    Args:
        witnesses: What the devices saw.
        logs: The threads' logs as they are stored in the end.
        all_ended: Whether every run has to have ended by now.
        evidence: What else is known.
    """
    witnesses = list(witnesses)
    evidence = evidence or Evidence()
    found: list[str] = []
    for log, events in logs.items():
        found.extend(_check_numbers(log, events))
        found.extend(_check_ends(log, events, all_ended=all_ended))
        found.extend(_check_silences(events, evidence.interrupted_within))
        found.extend(_check_order(events))
    found.extend(_check_one_meaning(witnesses, logs))
    for witness in witnesses:
        found.extend(_check_acknowledged(witness, logs))
        found.extend(_check_foreign(witness))
        found.extend(_check_applied(witness, logs))
    found.extend(_check_writes(evidence.writes))
    found.extend(_check_server(evidence))
    return found


def _check_numbers(log: str, events: Sequence[EventFrame]) -> list[str]:
    expected = 1
    for event in events:
        if (event.first or event.number) != expected:
            return [f"I2: {log} has {event.number} where {expected} belongs"]
        expected = event.number + 1
    return []


def _check_ends(
    log: str, events: Sequence[EventFrame], *, all_ended: bool
) -> list[str]:
    runs = {event.run for event in events if event.run is not None}
    ends = Counter(event.run for event in events if type(event.event) in RUN_ENDS)
    found = [f"I5: run {run} ended {n} times" for run, n in ends.items() if n > 1]
    if all_ended:
        found += [f"I5: run {run} in {log} never ended" for run in runs - ends.keys()]
    for run in ends:
        mine = [event for event in events if event.run == run]
        if type(mine[-1].event) not in RUN_ENDS:
            found.append(f"I5: run {run} went on after its end")
    return found


def _check_silences(events: Sequence[EventFrame], most: float | None) -> list[str]:
    found = []
    said: dict[str | None, float] = {}
    for event in events:
        if most is not None and isinstance(event.event, AgentInterrupted):
            silence = event.time - said.get(event.run, event.time)
            if silence > most:
                found.append(
                    f"I5: run {event.run} was interrupted after {silence:.1f} s"
                )
        said[event.run] = event.time
    return found


def _check_order(events: Sequence[EventFrame]) -> list[str]:
    found = []
    orders: dict[str, RunOrder] = {}
    unknown: set[str] = set()
    for event in events:
        run = event.run
        if run is None or run in unknown:
            continue
        order = orders.get(run, RunOrder())
        # What comes after an end is a matter of I5, and of what an unreadable event
        # has said nobody knows.
        if order.end is not None or isinstance(event.event, Unreadable):
            unknown.add(run)
            continue
        try:
            orders[run] = order.after(event.event)
        except OrderError as error:
            found.append(f"I6: run {run} at {event.number}: {error}")
            unknown.add(run)
    return found


def _check_writes(writes: Sequence[Write]) -> list[str]:
    found = []
    newest: dict[str, int] = {}
    owners: dict[tuple[str, int], str] = {}
    for write in writes:
        if write.token < newest.get(write.run, write.token):
            found.append(
                f"I6: {write.owner} wrote run {write.run} with token {write.token} "
                f"after {newest[write.run]} was given out"
            )
        newest[write.run] = max(write.token, newest.get(write.run, write.token))
        owner = owners.setdefault((write.run, write.token), write.owner)
        if owner != write.owner:
            found.append(
                f"I6: {owner} and {write.owner} wrote run {write.run} with one token"
            )
    return found


def _check_server(evidence: Evidence) -> list[str]:
    found = []
    counts = (evidence.open_connections, evidence.registered)
    if None not in counts and counts[0] != counts[1]:
        found.append(f"I7: {counts[0]} connections are open and {counts[1]} registered")
    most = evidence.connection_bytes_most
    if most is not None:
        found += [
            f"I8: a connection took {taken:.0f} bytes of {most:.0f}"
            for taken in evidence.connection_bytes
            if taken > most
        ]
    bugs = sum(code == CloseCode.BUG for code in evidence.close_codes)
    if bugs:
        found.append(f"I9: {bugs} connections were closed with 1011")
    found += [
        f"I9: {line}"
        for line in _ERROR_LINES.findall(evidence.server_log)
        if not any(part in line for part in evidence.injected)
    ]
    return found


def _check_acknowledged(
    witness: Witness, logs: Mapping[str, Sequence[EventFrame]]
) -> list[str]:
    found = []
    for result in witness.acknowledged:
        events = logs.get(f"thread:{result.thread}", ())
        numbers = [
            event.number
            for event in events
            if isinstance(event.event, UserMessage)
            and event.event.client_message_id == result.client_message_id
        ]
        if numbers != [result.number]:
            found.append(
                f"I1: {witness.name}: message {result.client_message_id} was "
                f"acknowledged as {result.number} and is stored as {numbers}"
            )
    return found


def _check_foreign(witness: Witness) -> list[str]:
    return [
        f"I4: {witness.name} was sent {log}"
        for frame in witness.frames
        for log in _logs_in(frame)
        if log not in witness.may_read
    ]


def _logs_in(frame: AnyServerFrame) -> list[str]:
    match frame:
        case Snapshot():
            return list({frame.log, *(event.log for event in frame.state.events)})
        case EventFrame() | Live():
            return [frame.log]
        case Ping():
            return list(frame.heads)
        case Welcome():
            return [frame.log, *(log for log in frame.cursors if log != frame.log)]
        case _:
            # A log that was just revoked may be named, by that frame.
            return []


def _check_one_meaning(
    witnesses: Sequence[Witness], logs: Mapping[str, Sequence[EventFrame]]
) -> list[str]:
    """Look for one number that means two events."""
    meanings: dict[tuple[str, str, str, int, int], tuple[str | None, Event]] = {}
    found = []
    stored = [event for events in logs.values() for event in events]
    for name, events in (
        ("the log", stored),
        *((witness.name, _events_in(witness)) for witness in witnesses),
    ):
        for event in events:
            # Deltas may be joined into a range at any time, so only what covers
            # exactly the same numbers can be compared. After a restored backup a
            # number comes again, of another incarnation.
            first = event.first or event.number
            history = (event.log, event.epoch, event.incarnation)
            place = (*history, first, event.number)
            meaning = (event.run, event.event)
            if meanings.setdefault(place, meaning) != meaning:
                found.append(f"I2: {event.log} {event.number} is another for {name}")
    return found


def _events_in(witness: Witness) -> list[EventFrame]:
    events = []
    for frame in witness.frames:
        if isinstance(frame, EventFrame):
            events.append(frame)
        elif isinstance(frame, Snapshot):
            events.extend(frame.state.events)
    return events


def _check_applied(
    witness: Witness, logs: Mapping[str, Sequence[EventFrame]]
) -> list[str]:
    found = []
    replicas: dict[str, Replica] = {}
    for frame in witness.frames:
        if isinstance(frame, Snapshot):
            replicas.setdefault(frame.log, Replica(frame.log)).snapshot(frame)
        elif isinstance(frame, EventFrame):
            # What comes twice or too early is not applied: a device may be sent
            # such frames, it must not end up wrong because of them.
            replicas.setdefault(frame.log, Replica(frame.log)).event(frame)
    for log, replica in replicas.items():
        if log not in logs:
            continue
        head = logs[log][-1].number if logs[log] else 0
        reached = replica.cursor.number if replica.cursor is not None else 0
        if witness.has_left and reached < head:
            head = reached
        known = [event for event in logs[log] if (event.first or event.number) <= head]
        if known and known[-1].number > head:
            # It left in the midst of what was joined into one range since.
            continue
        told = Transcript()
        for event in known:
            told.apply(event)
        if reached != head:
            found.append(f"I3: {witness.name} is at {reached} of {head} in {log}")
        elif replica.before is None and replica.transcript.as_json() != told.as_json():
            found.append(f"I3: {witness.name} holds something else of {log}")
    return found
