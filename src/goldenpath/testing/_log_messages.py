"""The promises of a log to those who send messages."""

from __future__ import annotations

import asyncio

import pytest

from goldenpath.errors import RefusedError
from goldenpath.logs._base import Log, NewMessage
from goldenpath.protocol._cursor import thread_log, user_log
from goldenpath.protocol._events import (
    AgentCancelled,
    AgentFailed,
    AgentInterrupted,
    Event,
    RunEnded,
    RunQueued,
    ThreadCreated,
    ThreadRenamed,
    UserMessage,
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
    lease,
    news,
    say,
    types,
)


class MessagePromises:
    """Posting once, running again, and stopping."""

    async def test_a_message_brings_its_thread_its_run_and_the_news(
        self, log: Log
    ) -> None:
        """All that a device needs to show it."""
        posted = await log.post(
            NewMessage(
                user=ADA, client_message_id="m", text="hi", title="t", device="phone"
            ),
            now=NOW,
        )

        entries = await everything(log, thread_log(posted.thread))
        assert [e.event for e in entries] == [
            UserMessage(text="hi", client_message_id="m", device="phone")
        ]
        assert entries[0].number == posted.number
        assert await news(log) == [
            ThreadCreated(thread=posted.thread, title="t"),
            RunQueued(thread=posted.thread, run=posted.run),
        ]
        threads, _ = await log.threads(ADA, before=None, limit=10)
        assert [(t.id, t.title) for t in threads] == [(posted.thread, "t")]
        run = await lease(log)
        assert (run.run, run.thread, run.user) == (posted.run, posted.thread, ADA)
        assert (run.message, run.text) == (posted.number, "hi")

    async def test_the_same_message_is_posted_once(self, log: Log) -> None:
        """A device that saw no acknowledgement sends it again."""
        first = await say(log, "m")
        again = await say(log, "m")
        elsewhere = await say(log, "m", thread=first.thread)

        for copy in (again, elsewhere):
            assert copy.is_duplicate
            assert copy.hints == ()
            assert (copy.thread, copy.run, copy.number, copy.client_message_id) == (
                first.thread,
                first.run,
                first.number,
                "m",
            )
        assert not first.is_duplicate
        assert types(await everything(log, thread_log(first.thread))) == [
            "user_message"
        ]
        assert len(await log.lease(OWNER, limit=10, now=NOW)) == 1

    async def test_fifty_copies_at_once_are_posted_once(self, log: Log) -> None:
        """Impatience is no reason to answer twice."""
        copies = await asyncio.gather(*(say(log, "m") for _ in range(50)))

        assert [copy.is_duplicate for copy in copies].count(False) == 1
        assert len({(c.thread, c.run, c.number) for c in copies}) == 1
        assert len(await news(log)) == 2

    async def test_a_copy_is_known_after_a_restart(
        self, log: Log, store: LogStore
    ) -> None:
        """The restart may be why there was no acknowledgement."""
        first = await say(log, "m")
        await store.stop()
        log = await store.start()

        again = await say(log, "m")

        assert again.is_duplicate
        assert (again.thread, again.run) == (first.thread, first.run)

    async def test_a_late_copy_does_not_bring_a_deleted_thread_back(
        self, log: Log
    ) -> None:
        """It may come days later, from a device that was in a drawer."""
        first = await say(log, "m")
        await log.delete_thread(ADA, first.thread, now=NOW)

        for thread in (None, first.thread):
            again = await say(log, "m", thread=thread)
            assert again.is_duplicate
            assert again.thread == first.thread
        assert (await log.threads(ADA, before=None, limit=10))[0] == []
        assert await log.lease(OWNER, limit=10, now=NOW) == []

    async def test_two_people_may_give_the_same_name(self, log: Log) -> None:
        """A name must not be a way to reach somebody else's message."""
        hers = await say(log, "m")
        his = await say(log, "m", user=BOB)

        assert not his.is_duplicate
        assert his.thread != hers.thread

    async def test_a_refused_message_leaves_nothing(self, log: Log) -> None:
        """Neither a run nor a name that a later copy would meet."""
        hers = await say(log, "hers")

        with pytest.raises(RefusedError, match="no thread"):
            await say(log, "m", user=BOB, thread=hers.thread)

        assert await news(log, BOB) == []
        assert len(await everything(log, thread_log(hers.thread))) == 1
        assert not (await say(log, "m", user=BOB)).is_duplicate

    async def test_a_thread_takes_its_title_from_its_first_message(
        self, log: Log
    ) -> None:
        """One that a person named keeps its name."""
        untitled, _ = await log.create_thread(ADA, "", now=NOW)
        titled, _ = await log.create_thread(ADA, "mine", now=NOW)

        await say(log, "a", thread=untitled.id)
        await say(log, "b", thread=untitled.id)
        await say(log, "c", thread=titled.id)
        await log.post(
            NewMessage(user=ADA, client_message_id="d", text="no title given"), now=NOW
        )

        threads, _ = await log.threads(ADA, before=None, limit=10)
        assert sorted(t.title for t in threads) == ["", "mine", "title of a"]
        renamed = [e for e in await news(log) if isinstance(e, ThreadRenamed)]
        assert renamed == [ThreadRenamed(thread=untitled.id, title="title of a")]

    async def test_a_title_that_nobody_gives_is_no_news(self, log: Log) -> None:
        """An untitled thread stays so without telling anybody."""
        untitled, _ = await log.create_thread(ADA, "", now=NOW)
        message = NewMessage(
            user=ADA, client_message_id="m", text="hi", thread=untitled.id
        )

        await log.post(message, now=NOW)

        assert types(await everything(log, user_log(ADA))) == [
            "thread_created",
            "run_queued",
        ]

    @pytest.mark.parametrize(
        "end",
        [
            AgentFailed(code="agent_error", text="no", retryable=True),
            AgentCancelled(),
            AgentInterrupted(),
        ],
    )
    async def test_a_message_is_run_again(self, log: Log, end: Event) -> None:
        """Whatever kept its run from completing."""
        run = await begin(log)
        await log.append(run, [end], now=NOW)

        again = await log.retry(ADA, run.run, now=NOW)

        assert again.run != run.run
        assert not again.is_duplicate
        assert (again.thread, again.number) == (run.thread, run.message)
        assert (await news(log))[-1] == RunQueued(thread=run.thread, run=again.run)
        leased = await lease(log)
        assert (leased.run, leased.text) == (again.run, run.text)

    async def test_a_second_retry_meets_the_first(
        self, log: Log, store: LogStore
    ) -> None:
        """Two devices, or two clicks, are one wish."""
        run = await begin(log)
        await log.append(run, [AgentInterrupted()], now=NOW)

        first = await log.retry(ADA, run.run, now=NOW)
        waiting = await log.retry(ADA, run.run, now=NOW)
        await store.stop()
        log = await store.start()
        leased = await lease(log)
        under_way = await log.retry(ADA, run.run, now=NOW)

        assert leased.run == first.run
        for second in (waiting, under_way):
            assert second.is_duplicate
            assert second.run == first.run
            assert second.hints == ()

    async def test_what_completed_is_not_run_again(self, log: Log) -> None:
        """Nor what has not ended, nor a message that a later run has answered."""
        await say(log, "queued")
        queued = await lease(log)
        with pytest.raises(RefusedError) as not_ended:
            await log.retry(ADA, queued.run, now=NOW)

        run = await begin(log)
        await log.append(run, [AgentInterrupted()], now=NOW)
        again = await log.retry(ADA, run.run, now=NOW)
        leased = await lease(log)
        await log.append(leased, [STARTED, COMPLETED], now=NOW)
        with pytest.raises(RefusedError) as completed:
            await log.retry(ADA, again.run, now=NOW)
        with pytest.raises(RefusedError) as answered:
            await log.retry(ADA, run.run, now=NOW)

        for refused in (not_ended, completed, answered):
            assert refused.value.code == "conflict"

    async def test_a_run_of_a_deleted_thread_is_not_run_again(self, log: Log) -> None:
        """There is nothing left that it could answer."""
        posted = await say(log, "m")
        await log.delete_thread(ADA, posted.thread, now=NOW)

        with pytest.raises(RefusedError) as refused:
            await log.retry(ADA, posted.run, now=NOW)

        assert refused.value.code == "not_found"

    async def test_a_queued_run_is_cancelled_at_once(self, log: Log) -> None:
        """Nobody executes it who would have to be asked."""
        running = await begin(log, "a")
        queued = await say(log, "b", thread=running.thread)

        status = await log.cancel(ADA, run=queued.run, now=NOW)

        assert status.state == "cancelled"
        assert (status.run, status.thread) == (queued.run, queued.thread)
        entries = await everything(log, thread_log(running.thread))
        assert (entries[-1].type, entries[-1].run) == ("agent_cancelled", queued.run)
        ended = RunEnded(thread=queued.thread, run=queued.run, state="cancelled")
        assert (await news(log))[-1] == ended
        told = [entry for hint in status.hints for entry in hint.entries]
        assert types(told) == ["agent_cancelled", "run_ended"]
        await log.append(running, [COMPLETED], now=NOW)
        assert await log.lease(OWNER, limit=10, now=NOW) == []

    async def test_a_running_run_is_asked_to_stop(self, log: Log) -> None:
        """Its owner ends it, and is the only one that may."""
        run = await begin(log)

        status = await log.cancel(ADA, run=run.run, now=NOW)
        again = await log.cancel(ADA, run=run.run, now=NOW)

        assert (status.state, status.owner, status.hints) == ("running", OWNER.id, ())
        assert again == status
        assert await log.cancel_requested(OWNER) == [run.run]
        await log.append(run, [AgentCancelled()], now=NOW)
        assert await log.cancel_requested(OWNER) == []

    async def test_a_run_is_cancelled_by_its_messages_name(self, log: Log) -> None:
        """A device that has not been answered yet knows no run; the newest counts."""
        run = await begin(log)
        await log.append(run, [AgentInterrupted()], now=NOW)
        again = await log.retry(ADA, run.run, now=NOW)

        status = await log.cancel(ADA, client_message_id="m", now=NOW)

        assert (status.run, status.state) == (again.run, "cancelled")

    async def test_what_has_ended_is_not_ended_again(self, log: Log) -> None:
        """A cancel that comes too late is told so, and changes nothing."""
        run = await begin(log)
        await log.append(run, [COMPLETED], now=NOW)
        before = await everything(log, thread_log(run.thread))

        status = await log.cancel(ADA, run=run.run, now=NOW)

        assert (status.state, status.hints) == ("completed", ())
        after = await everything(log, thread_log(run.thread))
        assert len(after) == len(before)

    async def test_an_unknown_message_may_be_on_its_way(self, log: Log) -> None:
        """Its cancel has overtaken it and may be repeated."""
        with pytest.raises(RefusedError) as refused:
            await log.cancel(ADA, client_message_id="m", now=NOW)

        assert refused.value.code == "not_found"
        assert refused.value.retryable
