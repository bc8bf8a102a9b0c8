"""The promises of a log to those who execute runs."""

from __future__ import annotations

import asyncio
import dataclasses

import pytest

from goldenpath.errors import FencedError, OrderError, RefusedError
from goldenpath.logs._base import LeasedRun, Log
from goldenpath.protocol._cursor import thread_log, user_log
from goldenpath.protocol._events import (
    AgentCancelled,
    InputReceived,
    InputRequested,
    RunEnded,
    RunStarted,
)
from goldenpath.testing._log_store import (
    ADA,
    BOB,
    COMPLETED,
    EXECUTED,
    EXECUTING,
    NOW,
    OTHER_OWNER,
    OWNER,
    STARTED,
    LogStore,
    begin,
    delta,
    everything,
    lease,
    news,
    say,
    types,
)

_ENDS = {"agent_completed", "agent_failed", "agent_cancelled", "agent_interrupted"}
_QUESTION = InputRequested(call="q", question="which?")


class RunPromises:
    """Leases, fencing, order, questions, and one end each."""

    async def test_the_oldest_runs_are_leased_first(self, log: Log) -> None:
        """As many as were asked for."""
        runs = [(await say(log, f"m{i}")).run for i in range(5)]

        first = await log.lease(OWNER, limit=2, now=NOW)
        second = await log.lease(OTHER_OWNER, limit=10, now=NOW)

        assert [run.run for run in first] == runs[:2]
        assert [run.run for run in second] == runs[2:]
        assert await log.lease(OWNER, limit=10, now=NOW) == []
        assert await log.lease(OWNER, limit=0, now=NOW) == []

    async def test_s60_users_take_turns(self, log: Log) -> None:
        """Whoever asks most must not make everybody else wait."""
        greedy = [(await say(log, f"m{i}")).run for i in range(3)]
        modest = (await say(log, "m", user=BOB)).run

        first = await log.lease(OWNER, limit=2, now=NOW)
        second = await log.lease(OWNER, limit=2, now=NOW)

        assert [run.run for run in first] == [greedy[0], modest]
        assert [run.run for run in second] == greedy[1:]

    async def test_s60_nobody_has_more_runs_under_way_than_allowed(
        self, log: Log
    ) -> None:
        """Counted over all processes."""
        runs = [(await say(log, f"m{i}")).run for i in range(3)]

        first = await log.lease(OWNER, limit=9, per_user=2, now=NOW)
        assert [run.run for run in first] == runs[:2]
        assert await log.lease(OTHER_OWNER, limit=9, per_user=2, now=NOW) == []
        await log.append(first[0], [STARTED, COMPLETED], now=NOW)

        second = await log.lease(OTHER_OWNER, limit=9, per_user=2, now=NOW)
        assert [run.run for run in second] == runs[2:]

    async def test_a_lease_whose_answer_was_lost_can_be_asked_for(
        self, log: Log
    ) -> None:
        """Otherwise its runs would never begin, and their owner would live on."""
        for user in (ADA, BOB):
            await say(log, "m", user=user)
        mine = await lease(log)
        (other,) = await log.lease(OTHER_OWNER, limit=1, now=NOW)

        (again,) = await log.leased(OWNER)

        assert again == dataclasses.replace(mine, hints=())
        await log.append(again, [STARTED, COMPLETED], now=NOW)
        assert await log.leased(OWNER) == []
        assert [run.run for run in await log.leased(OTHER_OWNER)] == [other.run]

    async def test_a_run_that_has_not_begun_can_be_given_back(self, log: Log) -> None:
        """A process that stops hands on what it took and had no time for."""
        first, second = await say(log, "a"), await say(log, "b")
        (run,) = await log.lease(OWNER, limit=1, now=NOW)

        hints = await log.release(run, now=NOW)
        again = await log.lease(OTHER_OWNER, limit=2, now=NOW)

        assert [entry.type for hint in hints for entry in hint.entries] == [
            "run_queued"
        ]
        assert [other.run for other in again] == [first.run, second.run]
        with pytest.raises(FencedError):
            await log.append(run, [STARTED], now=NOW)
        with pytest.raises(FencedError):
            await log.release(run, now=NOW)
        await log.append(again[0], [STARTED, COMPLETED], now=NOW)

    async def test_a_run_that_has_begun_cannot_be_given_back(self, log: Log) -> None:
        """Its agent would run twice."""
        run = await begin(log)
        with pytest.raises(OrderError):
            await log.release(run, now=NOW)
        await log.append(run, [COMPLETED], now=NOW)

    async def test_s38_a_user_cannot_queue_without_end(self, log: Log) -> None:
        """What is there already is no new message, however often it is said."""
        first = await say(log, "m0", most_queued=2)
        await say(log, "m1", most_queued=2)

        with pytest.raises(RefusedError) as refused:
            await say(log, "m2", most_queued=2)

        assert refused.value.code == "rate_limited"
        assert refused.value.retryable
        assert (await say(log, "m0", most_queued=2)).run == first.run
        await say(log, "m", user=BOB, most_queued=2)
        await log.lease(OWNER, limit=1, now=NOW)
        await say(log, "m2", most_queued=2)

    async def test_a_lease_is_news(self, log: Log) -> None:
        """A device elsewhere shows that the agent is at work."""
        await say(log, "m")

        run = await lease(log)

        started = RunStarted(thread=run.thread, run=run.run)
        assert (await news(log))[-1] == started
        assert [e.event for h in run.hints for e in h.entries] == [started]

    async def test_a_thread_runs_one_at_a_time_in_the_order_of_its_messages(
        self, log: Log
    ) -> None:
        """An answer must know the one before."""
        first = await begin(log, "a")
        second = await say(log, "b", thread=first.thread)
        third = await say(log, "c", thread=first.thread)
        assert await log.lease(OTHER_OWNER, limit=10, now=NOW) == []

        await log.append(first, [COMPLETED], now=NOW)
        leased = await log.lease(OTHER_OWNER, limit=10, now=NOW)
        assert [run.run for run in leased] == [second.run]

        await log.append(leased[0], [STARTED, COMPLETED], now=NOW)
        assert (await lease(log)).run == third.run

    async def test_two_owners_never_hold_the_same_run(self, log: Log) -> None:
        """Both would answer."""
        for number in range(20):
            await say(log, f"m{number}")

        taken = await asyncio.gather(
            *(log.lease(o, limit=3, now=NOW) for o in [OWNER, OTHER_OWNER] * 5)
        )

        runs = [run.run for batch in taken for run in batch]
        assert len(runs) == len(set(runs)) == 20

    async def test_a_batch_is_appended_whole(self, log: Log) -> None:
        """With its run's name on each."""
        run = await begin(log)

        hints = await log.append(
            run, [EXECUTING, EXECUTED, delta("hello"), COMPLETED], now=NOW
        )

        entries = await everything(log, thread_log(run.thread))
        assert types(entries) == [
            "user_message",
            "agent_started",
            "tool_executing",
            "tool_completed",
            "text_delta",
            "agent_completed",
        ]
        assert [entry.run for entry in entries] == [None] + [run.run] * 5
        assert [hint.log for hint in hints] == [
            thread_log(run.thread),
            user_log(ADA),
        ]
        ended = RunEnded(thread=run.thread, run=run.run, state="completed")
        assert (await news(log))[-1] == ended

    async def test_a_stale_token_cannot_append(self, log: Log) -> None:
        """A process that was frozen wakes up and believes that the run is its own."""
        run = await begin(log)
        stale = dataclasses.replace(run, token=run.token - 1)
        guessed = dataclasses.replace(run, token=run.token + 1)
        unknown = dataclasses.replace(run, run="unknown")

        for wrong in (stale, guessed, unknown):
            with pytest.raises(FencedError):
                await log.append(wrong, [delta("x")], now=NOW)
        await self._require_untouched(log, run, length=2)

    async def test_nobody_appends_to_a_run_that_ended(self, log: Log) -> None:
        """Neither text nor another end, not even its own process."""
        run = await begin(log)
        await log.append(run, [COMPLETED], now=NOW)

        for late in (delta("x"), COMPLETED, AgentCancelled()):
            with pytest.raises(FencedError):
                await log.append(run, [late], now=NOW)
        await self._require_untouched(log, run, length=3)

    async def test_nobody_appends_to_a_run_that_was_taken_over(self, log: Log) -> None:
        """Its end has been shown."""
        run = await begin(log)
        await log.interrupt(OWNER.id, now=NOW)

        with pytest.raises(FencedError):
            await log.append(run, [delta("x")], now=NOW)
        await self._require_untouched(log, run, length=3)

    async def test_nobody_appends_to_a_deleted_thread(self, log: Log) -> None:
        """It would bring back what a person wanted gone."""
        run = await begin(log)
        await log.delete_thread(ADA, run.thread, now=NOW)

        with pytest.raises(FencedError):
            await log.append(run, [delta("x")], now=NOW)
        await self._require_untouched(log, run, length=0)

    async def test_the_order_is_checked_across_batches(self, log: Log) -> None:
        """Also with other people's messages in between."""
        run = await begin(log)
        await log.append(run, [EXECUTING], now=NOW)
        await say(log, "meanwhile", thread=run.thread)

        with pytest.raises(OrderError, match="agent_completed"):
            await log.append(run, [COMPLETED], now=NOW)
        with pytest.raises(OrderError, match="agent_started"):
            await log.append(run, [STARTED], now=NOW)
        await log.append(run, [EXECUTED, delta("a")], now=NOW)
        with pytest.raises(OrderError, match="text_delta"):
            await log.append(run, [delta("a")], now=NOW)
        await log.append(run, [delta("b", 1), COMPLETED], now=NOW)

    async def test_a_refused_batch_changes_nothing(self, log: Log) -> None:
        """Not even by what came before the event that was refused."""
        run = await begin(log)

        with pytest.raises(OrderError):
            await log.append(run, [EXECUTING, delta("a"), COMPLETED], now=NOW)
        await self._require_untouched(log, run, length=2)

        await log.append(run, [EXECUTING, delta("a"), EXECUTED, COMPLETED], now=NOW)

    async def test_the_order_is_remembered_over_a_restart(
        self, log: Log, store: LogStore
    ) -> None:
        """The log itself knows it."""
        run = await begin(log)
        await log.append(run, [delta("ab"), EXECUTING], now=NOW)
        await store.stop()
        log = await store.start()

        with pytest.raises(OrderError, match="agent_completed"):
            await log.append(run, [COMPLETED], now=NOW)
        await log.append(run, [EXECUTED, delta("c", 2), COMPLETED], now=NOW)

    async def test_a_run_ends_once_whoever_ends_it(self, log: Log) -> None:
        """Completion, cancel and takeover meet at the same instant."""
        for number in range(20):
            run = await begin(log, f"m{number}")

            results = await asyncio.gather(
                log.append(run, [COMPLETED], now=NOW),
                log.append(run, [AgentCancelled()], now=NOW),
                log.interrupt(OWNER.id, now=NOW),
                log.cancel(ADA, run=run.run, now=NOW),
                return_exceptions=True,
            )

            failures = [r for r in results if isinstance(r, BaseException)]
            assert {type(failure) for failure in failures} == {FencedError}
            entries = await everything(log, thread_log(run.thread))
            ends = [entry for entry in entries if entry.type in _ENDS]
            assert ends == entries[-1:]
            told = [e for e in await news(log) if isinstance(e, RunEnded)]
            assert [e.run for e in told].count(run.run) == 1
            status = await log.cancel(ADA, run=run.run, now=NOW)
            assert ends[0].type == f"agent_{status.state}" == f"agent_{told[-1].state}"

    async def test_a_lost_process_has_its_runs_interrupted(self, log: Log) -> None:
        """All of them, begun or not, and nobody else's."""
        begun = await begin(log, "a")
        await say(log, "b")
        leased = await lease(log)
        other = await begin(log, "c", user=BOB, owner=OTHER_OWNER)
        queued = await say(log, "d", thread=begun.thread)

        hints = await log.interrupt(OWNER.id, now=NOW)

        for run in (begun, leased):
            entries = await everything(log, thread_log(run.thread))
            assert entries[-1].event.__class__.__name__ == "AgentInterrupted"
            status = await log.cancel(ADA, run=run.run, now=NOW)
            assert status.state == "interrupted"
        told = [entry.type for hint in hints for entry in hint.entries]
        assert sorted(told) == ["agent_interrupted"] * 2 + ["run_ended"] * 2
        assert await log.interrupt(OWNER.id, now=NOW) == ()
        await log.append(other, [COMPLETED], now=NOW)
        assert (await lease(log, OTHER_OWNER)).run == queued.run

    async def test_a_lost_process_is_found_after_a_restart(
        self, log: Log, store: LogStore
    ) -> None:
        """Whoever starts next ends what it left."""
        await log.beat(OWNER)
        run = await begin(log)
        await store.stop()
        log = await store.start()

        assert [owner.id for owner in await log.owners()] == [OWNER.id]
        await log.interrupt(OWNER.id, now=NOW)

        assert await log.owners() == []
        with pytest.raises(FencedError):
            await log.append(run, [COMPLETED], now=NOW)

    async def test_beats_tell_who_is_alive(self, log: Log) -> None:
        """And who never said so but holds a run."""
        await log.beat(OWNER)
        first = {owner.id: owner for owner in await log.owners()}
        await log.beat(OWNER)
        await begin(log, owner=OTHER_OWNER)
        second = {owner.id: owner for owner in await log.owners()}

        assert set(first) == {OWNER.id}
        assert set(second) == {OWNER.id, OTHER_OWNER.id}
        assert second[OWNER.id].beats > first[OWNER.id].beats
        known = second[OWNER.id]
        assert (known.boot, known.pid, known.started) == ("boot", 1, "1")

    async def test_each_process_hears_of_its_own_cancels(self, log: Log) -> None:
        """It cannot stop what others execute."""
        mine = await begin(log, "a")
        theirs = await begin(log, "b", owner=OTHER_OWNER)
        await begin(log, "c")

        await log.cancel(ADA, run=mine.run, now=NOW)
        await log.cancel(ADA, run=theirs.run, now=NOW)

        assert await log.cancel_requested(OWNER) == [mine.run]
        assert await log.cancel_requested(OTHER_OWNER) == [theirs.run]

    async def test_the_first_answer_counts(self, log: Log) -> None:
        """However many devices show the question."""
        run = await begin(log)
        await log.append(run, [_QUESTION], now=NOW)

        results = await asyncio.gather(
            *(log.answer(ADA, run.run, "q", value, now=NOW) for value in range(10)),
            return_exceptions=True,
        )

        refused = [r for r in results if isinstance(r, RefusedError)]
        assert [error.code for error in refused] == ["conflict"] * 9
        answered = [r for r in results if not isinstance(r, BaseException)]
        assert [status.owner for status in answered] == [OWNER.id]
        entries = await everything(log, thread_log(run.thread))
        assert isinstance(entries[-1].event, InputReceived)
        assert entries[-1].run == run.run
        assert types(entries).count("input_received") == 1
        await log.append(run, [COMPLETED], now=NOW)

    async def test_only_an_open_question_is_answered(self, log: Log) -> None:
        """Not one that was never asked, nor one whose run has ended."""
        run = await begin(log)
        await log.append(run, [_QUESTION], now=NOW)

        with pytest.raises(RefusedError) as unknown:
            await log.answer(ADA, run.run, "unknown", 1, now=NOW)
        await log.append(run, [AgentCancelled()], now=NOW)
        with pytest.raises(RefusedError) as ended:
            await log.answer(ADA, run.run, "q", 1, now=NOW)

        assert unknown.value.code == ended.value.code == "conflict"
        await self._require_untouched(log, run, length=4)

    async def test_an_open_question_keeps_a_run_from_completing(self, log: Log) -> None:
        """An answer to it would come to nobody."""
        run = await begin(log)
        await log.append(run, [_QUESTION], now=NOW)

        with pytest.raises(OrderError, match="still open"):
            await log.append(run, [COMPLETED], now=NOW)
        await log.answer(ADA, run.run, "q", {"yes": True}, now=NOW)
        await log.append(run, [COMPLETED], now=NOW)

        entries = await everything(log, thread_log(run.thread))
        assert entries[-2].event == InputReceived(call="q", value={"yes": True})

    async def _require_untouched(self, log: Log, run: LeasedRun, length: int) -> None:
        entries = await everything(log, thread_log(run.thread))
        assert len(entries) == length
