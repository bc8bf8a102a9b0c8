"""The promises of a log to those who have threads, and to those who do not."""

from __future__ import annotations

from collections.abc import Awaitable, Callable

import pytest

from goldenpath.errors import RefusedError
from goldenpath.logs._base import Log
from goldenpath.protocol._cursor import thread_log, user_log
from goldenpath.protocol._events import (
    InputRequested,
    RunEnded,
    ThreadCreated,
    ThreadDeleted,
    ThreadRenamed,
)
from goldenpath.testing._log_store import (
    ADA,
    BOB,
    COMPLETED,
    NOW,
    OWNER,
    STARTED,
    LogStore,
    begin,
    everything,
    news,
    say,
)


class ThreadPromises:
    """Lists of threads, their names and ends, and who may see them."""

    async def test_a_thread_is_made_named_and_deleted(self, log: Log) -> None:
        """And each is news to the person's other devices."""
        made, first = await log.create_thread(ADA, "one", now=NOW)
        renamed, second = await log.rename_thread(ADA, made.id, "two", now=NOW)
        listed, _ = await log.threads(ADA, before=None, limit=10)
        third = await log.delete_thread(ADA, made.id, now=NOW)

        assert (made.title, made.created_at, made.updated_at) == ("one", NOW, NOW)
        assert (renamed.id, renamed.title) == (made.id, "two")
        assert listed == [renamed]
        assert (await log.threads(ADA, before=None, limit=10)) == ([], False)
        told = [e.event for h in (*first, *second, *third) for e in h.entries]
        assert told == await news(log)
        assert told == [
            ThreadCreated(thread=made.id, title="one"),
            ThreadRenamed(thread=made.id, title="two"),
            ThreadDeleted(thread=made.id),
        ]

    async def test_threads_are_listed_by_their_last_use(self, log: Log) -> None:
        """A message and an answer are uses."""
        a = (await say(log, "a", now=NOW)).thread
        b = (await say(log, "b", now=NOW + 1)).thread
        c = (await say(log, "c", now=NOW + 2)).thread
        await say(log, "d", thread=a, now=NOW + 3)
        run = (await log.lease(OWNER, limit=2, now=NOW))[1]
        await log.append(run, [STARTED, COMPLETED], now=NOW + 4)

        threads, more = await log.threads(ADA, before=None, limit=10)

        assert [thread.id for thread in threads] == [b, a, c]
        assert [t.updated_at for t in threads] == [NOW + 4, NOW + 3, NOW + 2]
        assert not more

    @pytest.mark.parametrize("limit", [1, 2, 3, 100])
    async def test_pages_of_threads_meet_each_once(self, log: Log, limit: int) -> None:
        """Also those of the same instant, while new ones come in at the top."""
        made = {
            (await say(log, f"m{number}", now=NOW + number // 4)).thread
            for number in range(12)
        }

        found: list[str] = []
        before: tuple[float, str] | None = None
        more = True
        while more:
            threads, more = await log.threads(ADA, before=before, limit=limit)
            found.extend(thread.id for thread in threads)
            before = (threads[-1].updated_at, threads[-1].id)
            await say(log, f"later{len(found)}", now=NOW + 100)

        assert len(found) == 12
        assert set(found) == made

    async def test_a_thread_says_whether_it_is_running(self, log: Log) -> None:
        """From the message until the answer is whole."""

        async def is_running() -> bool:
            threads, _ = await log.threads(ADA, before=None, limit=1)
            return threads[0].is_running

        posted = await say(log, "m")
        assert await is_running()
        (run,) = await log.lease(OWNER, limit=1, now=NOW)
        assert await is_running()
        await log.append(run, [STARTED, COMPLETED], now=NOW)
        assert not await is_running()
        renamed, _ = await log.rename_thread(ADA, posted.thread, "x", now=NOW)
        assert not renamed.is_running

    async def test_a_deleted_thread_leaves_nothing_behind(
        self, log: Log, store: LogStore
    ) -> None:
        """Its runs end, its events go, and its name stays taken."""
        run = await begin(log)
        queued = await say(log, "queued", thread=run.thread)
        name = thread_log(run.thread)

        hints = await log.delete_thread(ADA, run.thread, now=NOW)
        await store.stop()
        log = await store.start()

        assert [e.event for h in hints for e in h.entries] == (await news(log))[-3:]
        assert (await news(log))[-3:] == [
            RunEnded(thread=run.thread, run=run.run, state="cancelled"),
            RunEnded(thread=run.thread, run=queued.run, state="cancelled"),
            ThreadDeleted(thread=run.thread),
        ]
        assert (await log.heads([name]))[name].number == 0
        assert await everything(log, name) == []
        assert list((await log.tail(name, max_bytes=1000)).entries) == []
        assert not await log.may_read(ADA, name)
        assert await log.lease(OWNER, limit=10, now=NOW) == []
        assert await log.cancel_requested(OWNER) == []
        for attempt in (
            log.delete_thread(ADA, run.thread, now=NOW),
            log.rename_thread(ADA, run.thread, "x", now=NOW),
            say(log, "new", thread=run.thread),
        ):
            with pytest.raises(RefusedError, match="no thread"):
                await attempt

    async def test_people_read_their_own_logs_only(self, log: Log) -> None:
        """Whatever they call them."""
        hers = thread_log((await say(log, "m")).thread)

        assert await log.may_read(ADA, hers)
        assert await log.may_read(ADA, user_log(ADA))
        for user, name in (
            (BOB, hers),
            (BOB, user_log(ADA)),
            (ADA, user_log(BOB)),
            (ADA, thread_log("unknown")),
            (ADA, "thread:"),
            (ADA, "user:"),
            (ADA, ADA),
            (ADA, ""),
            ("", user_log(ADA)),
        ):
            assert not await log.may_read(user, name)

    async def test_what_is_foreign_does_not_exist(self, log: Log) -> None:
        """The words would tell a stranger that it does."""
        run = await begin(log)
        question = InputRequested(call="q", question="which?")
        await log.append(run, [question], now=NOW)
        before = (await everything(log, thread_log(run.thread)), await news(log))

        def on_threads(thread: str) -> list[Awaitable[object]]:
            return [
                say(log, "his", user=BOB, thread=thread),
                log.rename_thread(BOB, thread, "x", now=NOW),
                log.delete_thread(BOB, thread, now=NOW),
            ]

        def on_runs(name: str) -> list[Awaitable[object]]:
            return [
                log.retry(BOB, name, now=NOW),
                log.cancel(BOB, run=name, now=NOW),
                log.answer(BOB, name, "q", 1, now=NOW),
            ]

        def on_messages(name: str) -> list[Awaitable[object]]:
            return [log.cancel(BOB, client_message_id=name, now=NOW)]

        assert await _words(on_threads, run.thread) == await _words(on_threads, "x" * 9)
        assert await _words(on_runs, run.run) == await _words(on_runs, "x" * 9)
        assert await _words(on_messages, "m") == await _words(on_messages, "x" * 9)
        after = (await everything(log, thread_log(run.thread)), await news(log))
        assert [len(part) for part in after] == [len(part) for part in before]
        assert await log.threads(BOB, before=None, limit=10) == ([], False)
        assert await news(log, BOB) == []


async def _words(
    attempts: Callable[[str], list[Awaitable[object]]], name: str
) -> list[tuple[str, str, bool]]:
    words = []
    for attempt in attempts(name):
        with pytest.raises(RefusedError) as refused:
            await attempt
        assert refused.value.code == "not_found"
        text = str(refused.value).replace(repr(name), "…")
        words.append((refused.value.code, text, refused.value.retryable))
    return words
