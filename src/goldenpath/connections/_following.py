"""The logs that one connection follows: subscribe first, then read, then live."""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable, Mapping, Sequence

from goldenpath._settings import Settings
from goldenpath.buses._base import Bus
from goldenpath.errors import BusError, StorageError
from goldenpath.logs._base import Log
from goldenpath.protocol._codec import encode_frame, event_frame
from goldenpath.protocol._cursor import Cursor, thread_log, user_log
from goldenpath.protocol._deltas import merge_entries
from goldenpath.protocol._entries import Entry, Hint, Page
from goldenpath.protocol._events import ThreadDeleted, UserMessage
from goldenpath.protocol._frames import Live, Revoked, Snapshot, SnapshotState, Why
from goldenpath.protocol._outbox import Relief
from goldenpath.protocol._replay import Replay

_logger = logging.getLogger(__name__)

_PAGE_EVENTS = 500
# Seconds until a log that could not be read is read again.
_AGAIN_AFTER = 1.0
_OVERVIEW_THREADS = 100


class _Followed:
    """One log on its way to one device."""

    __slots__ = ("is_allowed", "is_announced", "is_summary", "replay", "why")

    def __init__(
        self, replay: Replay, *, is_summary: bool, is_allowed: bool = True
    ) -> None:
        self.replay = replay
        self.is_summary = is_summary
        # Whether it is known that the user may read it: nothing is sent before.
        self.is_allowed = is_allowed
        self.is_announced = False
        # Why a snapshot has to be sent before anything else, if one has to.
        self.why: Why | None = "new" if replay.cursor is None else None

    @property
    def has_work(self) -> bool:
        """Whether the log has to be read for this device."""
        if self.is_summary or not self.is_allowed:
            return False
        return self.why is not None or self.replay.is_behind or not self.is_announced


class Following:
    """Reads and follows logs for one connection.

    Entries come out in order, without a hole and without repetition, or a snapshot
    does, and only of logs that the user may read.

    Args:
        user: Whose connection it is.
        log: The truth.
        bus: Tells when it moved.
        settings: Sizes.
        put: Takes a frame for the outbox.
        put_entries: Takes entries for the outbox.
    """

    def __init__(
        self,
        user: str,
        *,
        log: Log,
        bus: Bus,
        settings: Settings,
        put: Callable[[bytes], None],
        put_entries: Callable[[Sequence[Entry]], None],
    ) -> None:
        self._user_log = user_log(user)
        self._user = user
        self._log = log
        self._bus = bus
        self._settings = settings
        self._put = put
        self._put_entries = put_entries
        self._followed: dict[str, _Followed] = {}
        # Logs whose hints the bus could not be asked for.
        self._unheard: set[str] = set()
        self._poll_at: float | None = None
        self._now: Callable[[], float] = asyncio.get_running_loop().time
        self._has_work = asyncio.Event()
        self._has_room = asyncio.Event()
        self._has_room.set()
        # Nothing is sent before the welcome, whatever the bus brings.
        self._is_open = False

    @property
    def logs(self) -> tuple[str, ...]:
        """The logs that are followed; the one that came last is on the screen."""
        return tuple(self._followed)

    def is_on_screen(self, log: str) -> bool:
        """Tell whether a log is looked at right now, or is the user's own."""
        return log == self._user_log or log == next(reversed(self._followed), None)

    async def follow(
        self, log: str, cursor: Cursor | None, *, is_summary: bool = False
    ) -> bool:
        """Follow a log from a cursor on; again, to go back to that cursor.

        Return whether the user may read it; if not, it is not followed. That is asked
        after subscribing: a right that ends later is heard of.
        """
        if log not in self._followed:
            try:
                await self._hear_of(log)
            except BaseException:
                # Cancelled half-way: nobody else knows that it was begun.
                self._bus.unsubscribe(log, self._hint)
                raise
        # Behind all others: what was asked for last is on the screen.
        previous = self._followed.pop(log, None)
        followed = _Followed(
            Replay(log, cursor), is_summary=is_summary, is_allowed=False
        )
        self._followed[log] = followed
        try:
            may_read = await self._log.may_read(self._user, log)
        except BaseException:
            # It cannot be known now; what was known stays.
            if previous is not None:
                self._followed[log] = previous
            else:
                self.unfollow(log)
            raise
        if self._followed.get(log) is not followed:
            return False  # it was revoked meanwhile
        if not may_read:
            self.unfollow(log)
            return False
        followed.is_allowed = True
        self._has_work.set()
        return True

    def resume(self, log: str, cursor: Cursor | None) -> None:
        """Go back to a cursor in a log that is followed; the screen stays as it is."""
        self._followed[log] = _Followed(Replay(log, cursor), is_summary=False)
        self._has_work.set()

    def unfollow(self, log: str) -> None:
        """Stop following a log."""
        if self._followed.pop(log, None) is not None:
            self._unheard.discard(log)
            self._bus.unsubscribe(log, self._hint)

    def close(self) -> None:
        """Stop following everything."""
        for log in self.logs:
            self.unfollow(log)

    def open(self) -> None:
        """Begin to send: the welcome is queued."""
        self._is_open = True
        self._has_work.set()

    def relieve(self, relief: Relief) -> None:
        """Do what a slow reader's outbox asks for."""
        for log in relief.summarised & self._followed.keys():
            self._followed[log].is_summary = True
        for log in relief.dropped & self._followed.keys():
            self._followed[log].why = "behind"
            self._has_work.set()

    def has_room(self, *, has_room: bool) -> None:
        """Say whether the outbox wants more."""
        if has_room:
            self._has_room.set()
        else:
            self._has_room.clear()

    def check_heads(self) -> None:
        """Read soon whether any log has moved unheard of."""
        for followed in self._followed.values():
            followed.replay.is_live = False
        self._has_work.set()

    def heads(self, heads: Mapping[str, Cursor]) -> None:
        """Take in where the logs' heads are: a lost last hint is found here."""
        for log, head in heads.items():
            if log in self._followed:
                self._followed[log].replay.head(head.number, epoch=head.epoch)
                self._has_work.set()

    async def run(self) -> None:
        """Read what has to be read, for ever."""
        while True:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout_at(self._poll_at):
                    await self._has_work.wait()
            self._has_work.clear()
            if not self._is_open:
                continue
            if self._poll_at is not None and self._now() >= self._poll_at:
                await self._poll()
            try:
                await self._catch_up()
            except StorageError as error:
                # A connection outlives its storage: it is behind until that is back.
                _logger.warning("logs cannot be read: %s", error)
                await asyncio.sleep(_AGAIN_AFTER)
                self._has_work.set()

    async def _hear_of(self, log: str) -> None:
        """Ask for hints, unless there was no use in asking just now."""
        if self._unheard:
            self._miss(log)
        else:
            await self._listen(log)

    async def _listen(self, log: str) -> None:
        """Ask for hints; without them the log is polled until they can be had."""
        try:
            # A bus that hangs is no better than one that is down.
            async with asyncio.timeout(self._settings.poll_every):
                await self._bus.subscribe(log, self._hint)
        except (BusError, TimeoutError) as error:
            _logger.info("%s is not heard of: %s", log, error or "no answer")
            # Perhaps it was done all but the answer.
            self._bus.unsubscribe(log, self._hint)
            self._miss(log)
        else:
            self._unheard.discard(log)

    def _miss(self, log: str) -> None:
        self._unheard.add(log)
        if self._poll_at is None:
            self._poll_at = self._now() + self._settings.poll_every

    async def _poll(self) -> None:
        """Look at the logs that are not heard of, and try again to hear of them."""
        self._poll_at = None
        for log in tuple(self._unheard):
            # Once it is found to be away, the others need not wait for it as well.
            if self._poll_at is None:
                await self._listen(log)
            if log not in self._followed:
                # It was unfollowed meanwhile, before there was anything to undo.
                self._unheard.discard(log)
                self._bus.unsubscribe(log, self._hint)
                continue
            # Also if that worked: what came before it was not heard of.
            self._followed[log].replay.is_live = False

    async def _catch_up(self) -> None:
        for log, followed in tuple(self._followed.items()):
            while followed.has_work and self._followed.get(log) is followed:
                await self._has_room.wait()
                await self._advance(followed)

    async def _advance(self, followed: _Followed) -> None:
        """Take one step: a snapshot, or a page, or saying that it is live."""
        replay = followed.replay
        if followed.why is not None or replay.cursor is None:
            await self._replace(followed)
        elif replay.is_behind:
            page = await self._log.read(replay.log, replay.cursor, limit=_PAGE_EVENTS)
            if self._followed.get(replay.log) is not followed:
                return
            # The outbox gave way meanwhile: what came before the page is gone.
            if followed.why is not None or followed.is_summary:
                return
            if not page.is_valid:
                followed.why = "epoch"
            elif page.head - replay.cursor.number > self._settings.replay_events:
                followed.why = "behind"
            else:
                self._pass_on(replay.page(page))
        if replay.is_live and followed.why is None and not followed.is_announced:
            followed.is_announced = True
            assert replay.cursor is not None
            self._put(
                encode_frame(
                    Live(
                        log=replay.log,
                        epoch=replay.cursor.epoch,
                        incarnation=replay.cursor.incarnation,
                        number=replay.cursor.number,
                    )
                )
            )

    async def _replace(self, followed: _Followed) -> None:
        """Send a snapshot."""
        log = followed.replay.log
        why = followed.why or "new"
        gone: list[str] = []
        if log == self._user_log:
            overview = await self._log.overview(self._user, limit=_OVERVIEW_THREADS)
            # It takes the place of the events that would have said so.
            gone = [
                other
                for other in self.logs
                if not await self._log.may_read(self._user, other)
            ]
            state = SnapshotState(threads=overview.threads, more=overview.more)
            cursor, incarnation = overview.cursor, overview.incarnation
        else:
            page = await self._log.tail(
                log, max_bytes=self._settings.snapshot_state_bytes * 4
            )
            state = thread_state(page, max_bytes=self._settings.snapshot_state_bytes)
            cursor = (
                page.entries[-1].cursor if page.entries else Cursor(page.epoch, "", 0)
            )
            incarnation = page.incarnation
        if self._followed.get(log) is not followed:
            return
        followed.why = None
        self._put(encode_frame(Snapshot(log=log, cursor=cursor, why=why, state=state)))
        self._pass_on(followed.replay.restart(cursor, incarnation=incarnation))
        for other in gone:
            self.revoke(other)

    def _hint(self, hint: Hint) -> None:
        followed = self._followed.get(hint.log)
        if followed is None or followed.is_summary:
            return
        # While a snapshot is due, what comes is held or read again after it.
        if followed.why is not None or not (self._is_open and followed.is_allowed):
            followed.replay.is_live = False
        self._pass_on(followed.replay.hint(hint))
        if followed.has_work:
            self._has_work.set()

    def _pass_on(self, entries: Sequence[Entry]) -> None:
        if not entries:
            return
        self._put_entries(entries)
        if entries[0].log != self._user_log:
            return
        for entry in entries:
            if isinstance(entry.event, ThreadDeleted):
                self.revoke(thread_log(entry.event.thread))

    def revoke(self, log: str) -> None:
        """Stop following a log that may no longer be read, and say so."""
        followed = self._followed.get(log)
        if followed is None:
            return
        self.unfollow(log)
        # One that is only being asked for is refused to whoever asks.
        if followed.is_allowed:
            self._put(encode_frame(Revoked(log=log)))


def thread_state(page: Page, *, max_bytes: int) -> SnapshotState:
    """Return the newest events of a page that fit, merged, and what lies before.

    It begins with a person's message if one fits, so that no answer is cut in two.
    """
    merged = merge_entries(page.entries)
    size = 0
    start = len(merged)
    while start > 0:
        size += len(merged[start - 1].frame)
        if size > max_bytes and start < len(merged):
            break
        start -= 1
    if start > 0:
        for index in range(start, len(merged)):
            if isinstance(merged[index].event, UserMessage):
                start = index
                break
    kept = merged[start:]
    return SnapshotState(
        events=tuple(event_frame(entry) for entry in kept),
        before=kept[0].first if kept and kept[0].first > 1 else None,
    )
