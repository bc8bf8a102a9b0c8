"""Adjacent deltas made one, without loss.

Rule 1: only pieces of one block of one run are joined, and only if neither a
        number nor a code unit is missing between them.
Rule 2: a range never grows so long that its frame comes near the limit.
Rule 3: where a range ends depends on the log alone and not on who reads it, and a
        range is made once: however many readers are slow, they share it.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from goldenpath.protocol._entries import Entry, encode_body
from goldenpath.protocol._events import AgentThinking, TextDelta, utf16_length

# No range crosses a multiple of it. 16 Ki code units are at most 96 KiB of JSON,
# whatever the characters.
_JOINED_LENGTH = 16 * 1024


def merge_entries(entries: Iterable[Entry]) -> list[Entry]:
    """Return the same entries with adjacent deltas joined into ranges.

    Entries of several logs may be mixed; each log's order is kept.
    """
    merged: list[list[Entry]] = []
    open_groups: dict[str, list[Entry]] = {}
    for entry in entries:
        group = open_groups.get(entry.log)
        if group is not None and _continues(group[-1], entry) and _fits(group, entry):
            group.append(entry)
        else:
            merged.append([entry])
            open_groups[entry.log] = merged[-1]
    return [group[0] if len(group) == 1 else _join(group) for group in merged]


def _fits(group: list[Entry], entry: Entry) -> bool:
    first, last = group[0].event, entry.event
    assert isinstance(first, TextDelta | AgentThinking)
    assert isinstance(last, TextDelta | AgentThinking)
    # An empty delta ends where it begins, which may be where the next stretch does.
    end = max(last.offset, last.offset + utf16_length(last.text) - 1)
    return first.offset // _JOINED_LENGTH == end // _JOINED_LENGTH


def _continues(left: Entry, right: Entry) -> bool:
    a, b = left.event, right.event
    if not isinstance(a, TextDelta | AgentThinking) or type(a) is not type(b):
        return False
    assert isinstance(b, TextDelta | AgentThinking)
    return (
        left.run == right.run
        and left.epoch == right.epoch
        and left.incarnation == right.incarnation
        and left.number + 1 == right.first
        and a.block == b.block
        and a.offset + utf16_length(a.text) == b.offset
    )


def _join(group: list[Entry]) -> Entry:
    first, last = group[0], group[-1]
    if first.joined is not None and first.joined.number == last.number:
        return first.joined
    event = first.event
    assert isinstance(event, TextDelta | AgentThinking)
    text = "".join(
        entry.event.text
        for entry in group
        if isinstance(entry.event, TextDelta | AgentThinking)
    )
    first.joined = Entry(
        log=first.log,
        epoch=first.epoch,
        incarnation=first.incarnation,
        first=first.first,
        number=last.number,
        body=encode_body(
            msgspec.structs.replace(event, text=text),
            time=first.decoded.time,
            run=first.run,
        ),
    )
    return first.joined
