"""Adjacent deltas made one, without loss.

Rule 1: only pieces of one block of one run are joined, and only if neither a
        number nor a code unit is missing between them.
Rule 2: a range never grows so long that its frame comes near the limit.
"""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from goldenpath.protocol._entries import Entry, encode_body
from goldenpath.protocol._events import AgentThinking, TextDelta, utf16_length

# 16 Ki code units are at most 96 KiB of JSON, whatever the characters.
_JOINED_LENGTH = 16 * 1024


def merge_entries(entries: Iterable[Entry]) -> list[Entry]:
    """Return the same entries with adjacent deltas joined into ranges.

    Entries of several logs may be mixed; each log's order is kept.
    """
    merged: list[list[Entry]] = []
    open_groups: dict[str, tuple[list[Entry], int]] = {}
    for entry in entries:
        group, length = open_groups.get(entry.log, ([], 0))
        grown = length + _text_length(entry)
        if group and grown <= _JOINED_LENGTH and _continues(group[-1], entry):
            group.append(entry)
            open_groups[entry.log] = (group, grown)
        else:
            fresh = [entry]
            merged.append(fresh)
            open_groups[entry.log] = (fresh, _text_length(entry))
    return [group[0] if len(group) == 1 else _join(group) for group in merged]


def _text_length(entry: Entry) -> int:
    event = entry.event
    if isinstance(event, TextDelta | AgentThinking):
        return utf16_length(event.text)
    return 0


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
    event = first.event
    assert isinstance(event, TextDelta | AgentThinking)
    text = "".join(
        entry.event.text
        for entry in group
        if isinstance(entry.event, TextDelta | AgentThinking)
    )
    return Entry(
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
