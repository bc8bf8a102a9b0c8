"""The promises of a log to those who read it."""

from __future__ import annotations

import asyncio

import pytest

from goldenpath.logs._base import Log
from goldenpath.protocol._cursor import Cursor, thread_log, user_log
from goldenpath.protocol._entries import Entry
from goldenpath.protocol._events import SessionRevoked
from goldenpath.testing._log_store import (
    ADA,
    COMPLETED,
    NOW,
    STARTED,
    LogStore,
    are_contiguous,
    begin,
    beginning,
    delta,
    everything,
    lease,
    say,
    types,
)


class ReadingPromises:
    """Numbers, cursors, pages, and what a restart or a backup does to them."""

    can_restore = True

    async def test_numbers_are_contiguous_whoever_writes_at_once(
        self, log: Log
    ) -> None:
        """A gap would be a lost event to every reader."""
        thread = (await say(log, "first")).thread

        async def talk(user_message: int) -> None:
            await say(log, f"m{user_message}", thread=thread)

        async def answer() -> None:
            run = await lease(log)
            await log.append(run, [STARTED], now=NOW)
            for offset in range(20):
                await log.append(run, [delta("x", offset)], now=NOW)

        await asyncio.gather(answer(), *(talk(i) for i in range(30)))

        thread_entries = await everything(log, thread_log(thread))
        assert are_contiguous(thread_entries)
        assert len(thread_entries) == 1 + 30 + 21
        user_entries = await everything(log, user_log(ADA))
        assert are_contiguous(user_entries)
        assert len(user_entries) == 1 + 31 + 1

    @pytest.mark.parametrize("limit", [1, 2, 3, 7, 1000])
    async def test_a_reader_gets_all_that_follows_its_cursor_in_order(
        self, log: Log, limit: int
    ) -> None:
        """Wherever it stands, and however small its pages are."""
        run = await begin(log)
        await log.append(run, [delta("x", i) for i in range(5)], now=NOW)
        for offset in range(5, 9):
            await log.append(run, [delta("x", offset)], now=NOW)
        whole = await everything(log, thread_log(run.thread))

        assert len(whole) == 2 + 9
        for place, entry in enumerate(whole, 1):
            rest = await everything(
                log, thread_log(run.thread), entry.cursor, limit=limit
            )
            assert [e.body for e in rest] == [e.body for e in whole[place:]]

    async def test_a_page_is_about_as_long_as_was_asked_for(self, log: Log) -> None:
        """A reader with little room must be able to say so."""
        run = await begin(log)
        for offset in range(50):
            await log.append(run, [delta("x", offset)], now=NOW)

        page = await log.read(thread_log(run.thread), await beginning(log), limit=5)

        assert len(page.entries) == 5
        assert page.head == 52

    async def test_a_reader_sees_no_gap_while_others_write(self, log: Log) -> None:
        """A reader that trusts what it was given would never come back for it."""
        run = await begin(log)
        total = 60

        async def write() -> None:
            for offset in range(total):
                await log.append(run, [delta("x", offset)], now=NOW)

        writing = asyncio.create_task(write())
        seen: list[Entry] = []
        cursor = await beginning(log)
        while len(seen) < 2 + total:
            page = await log.read(thread_log(run.thread), cursor, limit=7)
            seen.extend(page.entries)
            cursor = seen[-1].cursor if seen else cursor
            assert page.head >= cursor.number
        await writing

        assert are_contiguous(seen)

    async def test_hints_bring_what_is_stored(self, log: Log) -> None:
        """A device that is live gets these very entries."""
        posted = await say(log, "m")
        run = await lease(log)
        hints = [*posted.hints, *run.hints]
        hints += await log.append(run, [STARTED, delta("hello")], now=NOW)
        hints += await log.append(run, [COMPLETED], now=NOW)

        for name in (thread_log(run.thread), user_log(ADA)):
            told = [e for hint in hints if hint.log == name for e in hint.entries]
            stored = await everything(log, name)
            assert [(e.cursor, e.frame) for e in told] == [
                (e.cursor, e.frame) for e in stored
            ]
        for hint in hints:
            assert hint.first == hint.entries[0].first
            assert hint.last == hint.entries[-1].number
            assert hint.incarnation == log.incarnation

    async def test_the_tail_is_the_newest_that_fits(self, log: Log) -> None:
        """What a device shows first."""
        run = await begin(log)
        for offset in range(30):
            await log.append(run, [delta("x", offset)], now=NOW)
        whole = await everything(log, thread_log(run.thread))
        size = sum(len(entry.frame) for entry in whole[-5:])

        page = await log.tail(thread_log(run.thread), max_bytes=size)
        assert [e.number for e in page.entries] == [28, 29, 30, 31, 32]
        assert page.head == 32

        least = await log.tail(thread_log(run.thread), max_bytes=1)
        assert [e.number for e in least.entries] == [32]

    async def test_going_back_by_tails_meets_every_entry(self, log: Log) -> None:
        """A person who scrolls up finds the beginning."""
        run = await begin(log)
        await log.append(run, [delta("x", i) for i in range(11)], now=NOW)
        for offset in range(11, 20):
            await log.append(run, [delta("x", offset)], now=NOW)
        name = thread_log(run.thread)

        page = await log.tail(name, max_bytes=700)
        found = list(page.entries)
        while found[0].first > 1:
            page = await log.tail(name, max_bytes=700, before=found[0].first)
            found = [*page.entries, *found]

        assert [e.body for e in found] == [e.body for e in await everything(log, name)]
        assert (await log.tail(name, max_bytes=700, before=1)).entries == []
        beyond = await log.tail(name, max_bytes=1, before=1000)
        assert beyond.entries[0].number == len(found)

    async def test_a_log_without_entries_can_be_read(self, log: Log) -> None:
        """A new user's own log is looked at before anything happened."""
        page = await log.read(user_log("nobody"), await beginning(log), limit=10)
        tail = await log.tail(user_log("nobody"), max_bytes=10)

        assert page.is_valid
        assert (page.head, list(page.entries)) == (0, [])
        assert (tail.head, list(tail.entries)) == (0, [])

    async def test_a_cursor_that_names_no_place_is_invalid(self, log: Log) -> None:
        """Its reader has seen another history, and needs a snapshot."""
        posted = await say(log, "m")
        name = thread_log(posted.thread)
        good = (await everything(log, name))[-1].cursor
        bad = [
            Cursor("another", good.incarnation, good.number),
            Cursor("another", "", 0),
            Cursor(good.epoch, "another", good.number),
            Cursor(good.epoch, "", good.number),
            Cursor(good.epoch, good.incarnation, good.number + 1),
        ]

        assert (await log.read(name, good, limit=10)).is_valid
        for cursor in bad:
            page = await log.read(name, cursor, limit=10)
            assert not page.is_valid
            assert list(page.entries) == []
            assert (page.epoch, page.head) == (good.epoch, 1)

    async def test_heads_say_where_each_log_ends(self, log: Log) -> None:
        """A reader whose last hint was lost finds out by them."""
        posted = await say(log, "m")
        names = [thread_log(posted.thread), user_log(ADA), user_log("nobody")]

        heads = await log.heads(iter(names))

        for name in names[:2]:
            assert heads[name] == (await everything(log, name))[-1].cursor
        assert heads[names[2]].number == 0
        assert (await log.read(names[2], heads[names[2]], limit=1)).is_valid

    async def test_an_overview_is_of_one_moment(self, log: Log) -> None:
        """Else a thread could be neither in the list nor in the news after it."""

        async def post(number: int) -> None:
            await say(log, f"m{number}")

        posting = asyncio.gather(*(post(i) for i in range(40)))
        while True:
            overview = await log.overview(ADA, limit=100)
            # Each message brought thread_created and run_queued.
            assert overview.cursor.number == 2 * len(overview.threads)
            if len(overview.threads) == 40:
                break
        await posting

        assert overview.incarnation == log.incarnation
        assert not overview.more
        assert (await log.overview(ADA, limit=39)).more
        assert overview.cursor == (await everything(log, user_log(ADA)))[-1].cursor

    async def test_events_of_no_run_are_recorded(self, log: Log) -> None:
        """A revoked session reaches the user's devices like anything else."""
        events = [SessionRevoked(session="s1"), SessionRevoked(session="s2")]

        hints = await log.record(user_log(ADA), events, now=NOW)

        entries = await everything(log, user_log(ADA))
        assert [entry.event for entry in entries] == events
        assert [entry.decoded.time for entry in entries] == [NOW, NOW]
        assert [hint.last for hint in hints] == [2]

    async def test_a_restart_keeps_the_epoch_and_every_cursor(
        self, log: Log, store: LogStore
    ) -> None:
        """A deploy must not cost the devices a snapshot each."""
        run = await begin(log)
        before = await everything(log, thread_log(run.thread))
        old = log.incarnation

        await store.stop()
        log = await store.start()
        await log.append(run, [delta("x")], now=NOW)

        assert log.incarnation != old
        after = await everything(log, thread_log(run.thread))
        assert [e.cursor for e in after[:-1]] == [e.cursor for e in before]
        assert after[-1].epoch == before[0].epoch
        assert after[-1].incarnation == log.incarnation
        for entry in before:
            rest = await everything(log, thread_log(run.thread), entry.cursor)
            assert [e.number for e in rest] == list(range(entry.number + 1, 4))

    async def test_what_a_restored_backup_lacks_is_never_taken_for_seen(
        self, log: Log, store: LogStore
    ) -> None:
        """Its numbers are used again, for other events."""
        self._require_restore()
        run = await begin(log)
        await store.back_up()
        await log.append(run, [delta("lost")], now=NOW)
        lost = (await everything(log, thread_log(run.thread)))[-1].cursor

        await store.stop()
        await store.restore()
        log = await store.start()
        name = thread_log(run.thread)
        assert not (await log.read(name, lost, limit=10)).is_valid
        await log.append(run, [delta("other"), delta("!", 5)], now=NOW)

        assert not (await log.read(name, lost, limit=10)).is_valid
        assert types(await everything(log, name)) == [
            "user_message",
            "agent_started",
            "text_delta",
            "text_delta",
        ]

    async def test_a_backup_from_an_earlier_start_begins_a_new_epoch(
        self, log: Log, store: LogStore
    ) -> None:
        """All cursors of the lost time are void, at any number."""
        self._require_restore()
        posted = await say(log, "m")
        name = thread_log(posted.thread)
        await store.back_up()
        await store.stop()
        log = await store.start()
        await say(log, "lost", thread=posted.thread)
        epoch = (await beginning(log)).epoch
        cursors = [entry.cursor for entry in await everything(log, name)]

        await store.stop()
        await store.restore()
        log = await store.start()

        assert (await beginning(log)).epoch != epoch
        for cursor in [Cursor(epoch, "", 0), *cursors]:
            assert not (await log.read(name, cursor, limit=10)).is_valid

        epoch = (await beginning(log)).epoch
        await store.stop()
        log = await store.start()
        assert (await beginning(log)).epoch == epoch

    def _require_restore(self) -> None:
        if not self.can_restore:
            pytest.skip("this store cannot be restored by a test")
