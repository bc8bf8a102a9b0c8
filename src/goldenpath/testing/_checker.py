"""Whether the promise was kept, decided from what was seen and what is stored.

Rule 1: the checker believes nobody: it applies the frames again by itself.
Rule 2: it says what it found in words, and finds nothing only if all of it holds.

The invariants, by the numbers that the tests use:

I1. What was acknowledged is in the log, once.
I2. A device applied 1, 2, 3 … without a hole and without repetition, or was given
    a snapshot.
I3. In the end every device holds what the log holds.
I4. No device was sent anything of somebody else's.
I5. Every run has exactly one end.
"""

from __future__ import annotations

import dataclasses
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence

from goldenpath.protocol._events import RUN_ENDS, UserMessage
from goldenpath.protocol._frames import (
    AnyServerFrame,
    EventFrame,
    Live,
    Result,
    Snapshot,
)
from goldenpath.protocol._replica import Replica
from goldenpath.protocol._transcript import Transcript


@dataclasses.dataclass(slots=True)
class Witness:
    """What one device saw.

    Attributes:
        name: For the findings.
        may_read: The logs that its user may read.
        frames: All frames that it was sent, in order.
        acknowledged: Results of the messages that it sent.
    """

    name: str
    may_read: set[str] = dataclasses.field(default_factory=set)
    frames: list[AnyServerFrame] = dataclasses.field(default_factory=list)
    acknowledged: list[Result] = dataclasses.field(default_factory=list)


def violations(
    witnesses: Iterable[Witness],
    logs: Mapping[str, Sequence[EventFrame]],
    *,
    all_ended: bool = True,
) -> list[str]:
    """Return what does not hold; nothing if everything does.

    Args:
        witnesses: What the devices saw.
        logs: The threads' logs as they are stored in the end.
        all_ended: Whether every run has to have ended by now.
    """
    found: list[str] = []
    for log, events in logs.items():
        found.extend(_check_numbers(log, events))
        found.extend(_check_ends(log, events, all_ended=all_ended))
    for witness in witnesses:
        found.extend(_check_acknowledged(witness, logs))
        found.extend(_check_foreign(witness))
        found.extend(_check_applied(witness, logs))
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
        f"I4: {witness.name} was sent {frame.log}"
        for frame in witness.frames
        if isinstance(frame, EventFrame | Snapshot | Live)
        and frame.log not in witness.may_read
    ]


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
        told = Transcript()
        for event in logs[log]:
            told.apply(event)
        head = logs[log][-1].number if logs[log] else 0
        reached = replica.cursor.number if replica.cursor is not None else 0
        if reached != head:
            found.append(f"I3: {witness.name} is at {reached} of {head} in {log}")
        elif replica.before is None and replica.transcript.as_json() != told.as_json():
            found.append(f"I3: {witness.name} holds something else of {log}")
    return found
