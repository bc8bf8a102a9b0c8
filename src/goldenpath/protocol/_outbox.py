"""What waits for one connection, and what happens when it waits too long.

A slow reader climbs a ladder, and each step costs it less than a close would:

1. over ``merge_bytes``: adjacent deltas become ranges;
2. over ``summarise_bytes``: threads off the screen send no events any more;
3. over ``snapshot_bytes``, or when nothing has left for ``stalled_after``: all
   queued events give way to one snapshot a log;
4. if nothing leaves after that either, or no event is there to give way: the
   connection is closed as behind.

Nothing is lost on any step, because the log has everything. Bytes include those
that were handed to the transport and have not left.
"""

from __future__ import annotations

import dataclasses
from collections import deque
from collections.abc import Callable, Iterable, Sequence

from goldenpath.protocol._deltas import merge_entries
from goldenpath.protocol._entries import Entry

# A merge looks at the whole queue: only when it has grown by this much since.
_MERGE_AGAIN_AFTER = 16 * 1024


@dataclasses.dataclass(frozen=True, slots=True)
class Relief:
    """What the caller has to do about a slow reader.

    Attributes:
        summarised: Logs that send no events any more.
        dropped: Logs whose queued events are gone: a snapshot has to be sent once
            there is room.
        is_behind: The connection has to be closed with ``BEHIND``.
    """

    summarised: frozenset[str] = frozenset()
    dropped: frozenset[str] = frozenset()
    is_behind: bool = False


NO_RELIEF = Relief()


class Outbox:
    """Frames that wait, in order, for one connection.

    Args:
        merge_bytes: See the ladder.
        summarise_bytes: See the ladder.
        snapshot_bytes: See the ladder.
        stalled_after: Seconds; see the ladder.
    """

    def __init__(
        self,
        *,
        merge_bytes: int,
        summarise_bytes: int,
        snapshot_bytes: int,
        stalled_after: float,
    ) -> None:
        self._merge_bytes = merge_bytes
        self._summarise_bytes = summarise_bytes
        self._snapshot_bytes = snapshot_bytes
        self._stalled_after = stalled_after
        self._queue: deque[bytes | Entry] = deque()
        self._queued_bytes = 0
        self._merge_above = merge_bytes
        self._under_way = 0
        self._in_transport = 0
        self._waiting_since: float | None = None
        self._gave_way = False

    def __len__(self) -> int:
        return len(self._queue)

    @property
    def _weight(self) -> int:
        return self.size + self._in_transport

    @property
    def size(self) -> int:
        """Bytes that wait here, or are being handed to the transport."""
        return self._queued_bytes + self._under_way

    def put(self, frame: bytes, *, now: float) -> None:
        """Queue a frame that must not be dropped, such as a result."""
        self._push(frame, len(frame), now)

    def put_entries(self, entries: Iterable[Entry], *, now: float) -> None:
        """Queue entries; they may be merged, or give way to a snapshot."""
        for entry in entries:
            self._push(entry, len(entry.frame), now)

    def take(self, *, now: float, max_bytes: int = 64 * 1024) -> list[bytes]:
        """Return the next frames to hand to the transport.

        Call :meth:`left` when they have left it.
        """
        frames: list[bytes] = []
        while self._queue:
            item = self._queue[0]
            frame = item if isinstance(item, bytes) else item.frame
            if frames and self._under_way + len(frame) > max_bytes:
                break
            self._queue.popleft()
            self._queued_bytes -= len(frame)
            self._under_way += len(frame)
            frames.append(frame)
        if frames:
            self._waiting_since = now
        return frames

    def left(self, *, now: float) -> None:
        """Note that what was taken has left."""
        self._under_way = 0
        self._gave_way = False
        self._waiting_since = now if self._queue else None
        # Only ever down: otherwise a queue that grows slowly would never be merged.
        self._merge_above = min(self._merge_above, self._next_merge_above())

    def relieve(
        self,
        *,
        now: float,
        is_on_screen: Callable[[str], bool],
        in_transport: int = 0,
    ) -> Relief:
        """Climb the ladder as far as it takes; call after every put.

        Args:
            now: Seconds on the clock of the other methods.
            is_on_screen: Whether a log's events are looked at; the user log's are.
            in_transport: Bytes that the transport has taken and that have not left.
        """
        self._in_transport = in_transport
        if self._weight > self._merge_above:
            self._merge()
        summarised: frozenset[str] = frozenset()
        if self._weight > self._summarise_bytes:
            summarised = frozenset(log for log in self._logs() if not is_on_screen(log))
            self._drop(summarised)
        if self._weight <= self._snapshot_bytes and not self._is_stalled(now):
            return Relief(summarised=summarised) if summarised else NO_RELIEF
        dropped = frozenset(self._logs())
        self._drop(dropped)
        if dropped and not self._gave_way:
            self._gave_way = True
            # The snapshot has as long to leave as the events had.
            if self._waiting_since is not None:
                self._waiting_since = now
            return Relief(summarised=summarised, dropped=dropped)
        is_behind = self._weight > self._snapshot_bytes or self._is_stalled(now)
        return Relief(summarised=summarised, dropped=dropped, is_behind=is_behind)

    def deadline(self) -> float | None:
        """Return when what waits counts as stalled, or None."""
        if self._waiting_since is None:
            return None
        return self._waiting_since + self._stalled_after

    def drop_log(self, log: str) -> None:
        """Forget the queued entries of a log that may no longer be read."""
        self._drop(frozenset((log,)))

    def _push(self, item: bytes | Entry, size: int, now: float) -> None:
        self._queue.append(item)
        self._queued_bytes += size
        if self._waiting_since is None:
            self._waiting_since = now

    def _is_stalled(self, now: float) -> bool:
        deadline = self.deadline()
        return deadline is not None and now >= deadline

    def _logs(self) -> set[str]:
        return {item.log for item in self._queue if isinstance(item, Entry)}

    def _drop(self, logs: frozenset[str]) -> None:
        if logs:
            self._replace(
                [
                    item
                    for item in self._queue
                    if isinstance(item, bytes) or item.log not in logs
                ]
            )

    def _merge(self) -> None:
        # Frames that are not events keep their places among the entries.
        merged: list[bytes | Entry] = []
        stretch: list[Entry] = []
        for item in self._queue:
            if isinstance(item, bytes):
                merged.extend(merge_entries(stretch))
                stretch = []
                merged.append(item)
            else:
                stretch.append(item)
        merged.extend(merge_entries(stretch))
        self._replace(merged)
        self._merge_above = self._next_merge_above()

    def _next_merge_above(self) -> int:
        return max(self._merge_bytes, self.size + _MERGE_AGAIN_AFTER)

    def _replace(self, items: Sequence[bytes | Entry]) -> None:
        self._queue = deque(items)
        self._queued_bytes = sum(
            len(item) if isinstance(item, bytes) else len(item.frame) for item in items
        )
        if self.size == 0:
            self._waiting_since = None  # what does not wait cannot stall
