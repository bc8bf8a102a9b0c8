"""Runs through a real log, from a message to their one end."""

import asyncio
import hashlib

import pytest

from goldenpath.agents._base import Turn
from goldenpath.errors import AgentError, RefusedError, StorageError
from goldenpath.logs._base import Owner
from goldenpath.protocol._cursor import user_log
from goldenpath.protocol._events import (
    AgentCancelled,
    AgentCompleted,
    AgentFailed,
    AgentInterrupted,
    AgentStarted,
    AgentThinking,
    InputReceived,
    InputRequested,
    RunEnded,
    TextDelta,
    ToolCompleted,
    ToolExecuting,
)
from goldenpath.runs._leases import this_process

pytestmark = pytest.mark.anyio


async def echo(message, ctx):
    yield message


async def never(message, ctx):
    yield "thinking about it"
    await asyncio.Event().wait()


# How an agent ends it.


async def test_a_completed_run_has_its_text_its_usage_and_one_end(make_house):
    async def agent(message, ctx):
        await ctx.think("hm")
        yield "Hello, "
        async with ctx.tool("look", {"at": "it"}) as call:
            await call.progress(0.5, text="half")
            call.result = {"seen": True}
        yield f"{ctx.user.name} {message}"
        ctx.use(input_tokens=3)
        ctx.use(input_tokens=4, output_tokens=1)

    house = await make_house(agent)
    posted = await house.post("go")
    end = await house.ended(posted)
    events = await house.events(posted)

    assert isinstance(end, AgentCompleted)
    assert (end.text, end.length, end.sha256) == ("Hello, Ada go", 13, None)
    assert end.usage == {"input_tokens": 7, "output_tokens": 1}
    assert isinstance(events[0], AgentStarted)
    assert isinstance(events[1], AgentThinking)
    assert [type(e) for e in events].count(AgentCompleted) == 1
    ends = [
        entry.event
        for entry in (await house.log.tail(user_log("ada"), max_bytes=2**20)).entries
        if isinstance(entry.event, RunEnded)
    ]
    assert [(e.run, e.state) for e in ends] == [(posted.run, "completed")]


async def test_what_an_agent_says_of_its_failure_is_shown(make_house):
    async def agent(message, ctx):
        yield "so far"
        raise AgentError("The model is away \ud800", retryable=False)

    house = await make_house(agent)
    posted = await house.post()
    end = await house.ended(posted)

    assert (end.code, end.text) == ("agent_error", "The model is away ?")
    assert (end.retryable, end.reference) == (False, "")
    assert (await house.transcript(posted.thread)).text_of(posted.run) == "so far"


async def test_of_any_other_failure_only_a_reference_is_shown(make_house, caplog):
    async def agent(message, ctx):
        yield "x"
        raise ValueError("a secret")

    house = await make_house(agent)
    make_house.errors_are_meant = True
    posted = await house.post()
    end = await house.ended(posted)

    assert isinstance(end, AgentFailed)
    assert (end.code, end.retryable) == ("agent_error", True)
    assert end.reference in caplog.text
    assert "secret" in caplog.text
    assert "secret" not in repr(await house.events(posted))


async def plain(message, ctx):
    return "not a generator"


async def open_tool(message, ctx):
    yield ToolExecuting(call="c", name="look")


async def wrong_type(message, ctx):
    yield "a"
    yield 7


async def own_end(message, ctx):
    yield AgentCompleted(length=0, duration=0.0)


async def no_json(message, ctx):
    async with ctx.tool("look", {"at": object()}):
        pass
    yield "unreached"


async def wrong_usage(message, ctx):
    yield "a"
    ctx.use(tokens="many")


@pytest.mark.parametrize(
    "agent", [plain, open_tool, wrong_type, own_end, no_json, wrong_usage]
)
async def test_an_agent_that_breaks_the_order_fails_and_need_not_be_run_again(
    make_house, agent
):
    house = await make_house(agent)
    make_house.errors_are_meant = True
    end = await house.run()

    assert isinstance(end, AgentFailed)
    assert (end.code, end.retryable) == ("order", False)
    assert end.reference


async def test_an_agent_that_cancels_itself_has_failed_not_run_out_of_time(make_house):
    async def agent(message, ctx):
        yield "a"
        raise asyncio.CancelledError

    house = await make_house(agent)
    make_house.errors_are_meant = True
    end = await house.run()

    assert (end.code, end.text) == ("agent_error", "The agent failed")


@pytest.mark.parametrize(
    ("error", "shown"),
    [(AgentError("no such city"), "no such city"), (KeyError("secret"), None)],
)
async def test_a_tools_error_ends_its_call_and_reaches_the_agent(
    make_house, error, shown
):
    async def agent(message, ctx):
        try:
            async with ctx.tool("look"):
                raise error
        except type(error):
            yield "it could not look"

    house = await make_house(agent)
    posted = await house.post()
    end = await house.ended(posted)
    completed = [e for e in await house.events(posted) if isinstance(e, ToolCompleted)]

    assert end.text == "it could not look"
    assert len(completed) == 1
    assert completed[0].result is None
    assert completed[0].error == (shown or completed[0].error)
    assert "secret" not in completed[0].error


@pytest.mark.parametrize("value", ["x" * 5000, "\0" * 5000, {"a": ["é" * 4000]}])
async def test_a_long_result_is_cut_and_says_from_what(make_house, value):
    async def agent(message, ctx):
        async with ctx.tool("look", value) as call:
            call.result = value
        async with ctx.tool("look") as call:
            call.result = {"short": 1}
        yield "done"

    house = await make_house(agent, tool_result_bytes=1000)
    posted = await house.post()
    await house.ended(posted)
    long, short = (
        e for e in await house.events(posted) if isinstance(e, ToolCompleted)
    )

    assert 300 < len(long.result.encode()) <= 1000 or value[0] == "\0"
    assert long.cut_from > 5000
    assert (short.result, short.cut_from) == ({"short": 1}, None)


async def test_a_long_answer_is_named_by_length_and_hash(make_house):
    text = "é😀" * 1000

    async def agent(message, ctx):
        yield text

    house = await make_house(agent, final_text_bytes=1000)
    posted = await house.post()
    end = await house.ended(posted)

    assert end.text is None
    assert end.length == 3000
    assert end.sha256 == hashlib.sha256(text.encode()).hexdigest()
    assert (await house.transcript(posted.thread)).text_of(posted.run) == text


async def test_half_a_code_point_at_the_end_is_replaced_not_lost(make_house):
    async def agent(message, ctx):
        yield "a\ud83d"

    house = await make_house(agent)
    assert (await house.run()).text == "a\ufffd"


# How others end it.


async def test_a_person_stops_a_run_and_keeps_what_was_said(make_house):
    house = await make_house(never)
    posted = await house.post()
    await house.until_said(posted, TextDelta)
    status = await house.threads.cancel("ada", run=posted.run)
    end = await house.ended(posted)

    assert status.run == posted.run
    assert isinstance(end, AgentCancelled)
    text = (await house.transcript(posted.thread)).text_of(posted.run)
    assert text == "thinking about it"


async def test_a_tool_under_way_is_closed_by_the_runs_end(make_house):
    async def agent(message, ctx):
        async with ctx.tool("look"):
            await asyncio.Event().wait()
        yield "unreached"

    house = await make_house(agent)
    posted = await house.post()
    await house.until_said(posted, ToolExecuting)
    await house.threads.cancel("ada", client_message_id=posted.client_message_id)

    assert isinstance(await house.ended(posted), AgentCancelled)
    item = (await house.transcript(posted.thread)).items[-1]
    assert item.parts[0].state == "stopped"


async def test_an_agent_that_does_not_listen_is_abandoned(make_house, caplog):
    """And what it says from then on goes nowhere."""
    released = asyncio.Event()
    heard = []

    async def agent(message, ctx):
        yield "a"
        while not released.is_set():
            try:
                await released.wait()
            except asyncio.CancelledError:
                heard.append(ctx.cancelled)
        yield "too late"

    house = await make_house(agent, cancel_within=0.05)
    make_house.errors_are_meant = True
    posted = await house.post()
    await house.until_said(posted, TextDelta)
    loop = asyncio.get_running_loop()
    began = loop.time()
    await house.threads.cancel("ada", run=posted.run)
    end = await house.ended(posted)

    assert isinstance(end, AgentCancelled)
    assert loop.time() - began < 1.0
    assert heard[0] is True
    assert "ignores its cancel" in caplog.text
    released.set()
    await asyncio.sleep(0.05)
    assert (await house.transcript(posted.thread)).text_of(posted.run) == "a"


async def test_an_agent_that_returns_when_it_is_stopped_was_stopped(make_house):
    async def agent(message, ctx):
        yield "half"
        try:
            await asyncio.Event().wait()
        except asyncio.CancelledError:
            yield " and a farewell"

    house = await make_house(agent)
    posted = await house.post()
    await house.until_said(posted, TextDelta)
    await house.threads.cancel("ada", run=posted.run)

    assert isinstance(await house.ended(posted), AgentCancelled)
    text = (await house.transcript(posted.thread)).text_of(posted.run)
    assert text == "half and a farewell"


async def test_a_queued_run_is_cancelled_before_it_begins(make_house):
    house = await make_house(never)
    first = await house.post()
    second = await house.post(thread=first.thread)
    status = await house.threads.cancel("ada", run=second.run)

    assert status.state == "cancelled"
    assert [type(e) for e in await house.events(second)] == [AgentCancelled]
    await house.until_said(first, TextDelta)


async def test_a_run_that_takes_too_long_fails_and_may_be_retried(make_house):
    house = await make_house(never, run_within=0.1)
    posted = await house.post()
    end = await house.ended(posted)

    assert (end.code, end.retryable) == ("deadline", True)
    text = (await house.transcript(posted.thread)).text_of(posted.run)
    assert text == "thinking about it"


async def test_waiting_for_an_answer_does_not_count(make_house):
    """Neither while it is asked nor afterwards."""

    async def agent(message, ctx):
        value = await ctx.ask("Shall I?", choices=["yes", "no"])
        await asyncio.sleep(0.05)
        yield f"you said {value}"

    house = await make_house(agent, run_within=0.3)
    posted = await house.post()
    question = await house.until_said(posted, InputRequested)
    await asyncio.sleep(0.5)
    await house.threads.answer("ada", posted.run, question.call, "yes")
    end = await house.ended(posted)

    assert question.choices == ("yes", "no")
    assert isinstance(end, AgentCompleted)
    assert end.text == "you said yes"


async def test_time_after_the_answer_does_count(make_house):
    async def agent(message, ctx):
        await ctx.ask("Shall I?")
        await asyncio.Event().wait()
        yield "unreached"

    house = await make_house(agent, run_within=0.2)
    posted = await house.post()
    question = await house.until_said(posted, InputRequested)
    await house.threads.answer("ada", posted.run, question.call, 1)

    assert (await house.ended(posted)).code == "deadline"


async def test_the_first_answer_counts_and_only_its_owners(make_house):
    async def agent(message, ctx):
        yield str(await ctx.ask("Shall I?"))
        await asyncio.Event().wait()

    house = await make_house(agent)
    posted = await house.post()
    question = await house.until_said(posted, InputRequested)
    with pytest.raises(RefusedError, match="no run") as foreign:
        await house.threads.answer("bob", posted.run, question.call, "mine")
    await house.threads.answer("ada", posted.run, question.call, {"yes": 1})
    with pytest.raises(RefusedError, match="no open question") as late:
        await house.threads.answer("ada", posted.run, question.call, "again")

    assert (foreign.value.code, late.value.code) == ("not_found", "conflict")
    await house.until_said(posted, TextDelta)
    received = await house.until_said(posted, InputReceived)
    assert received.value == {"yes": 1}


async def test_an_agent_may_stop_waiting_and_still_complete_when_answered(make_house):
    gave_up, answered = asyncio.Event(), asyncio.Event()

    async def agent(message, ctx):
        try:
            async with asyncio.timeout(0.02):
                await ctx.ask("Quick?")
        except TimeoutError:
            gave_up.set()
        await answered.wait()
        yield "thank you anyway"

    house = await make_house(agent)
    posted = await house.post()
    question = await house.until_said(posted, InputRequested)
    await gave_up.wait()
    await house.threads.answer("ada", posted.run, question.call, "late")
    answered.set()

    assert (await house.ended(posted)).text == "thank you anyway"


async def test_deleting_a_thread_stops_its_run_silently(make_house):
    stopped = asyncio.Event()

    async def agent(message, ctx):
        try:
            yield "a"
            await asyncio.Event().wait()
        finally:
            stopped.set()

    house = await make_house(agent)
    posted = await house.post()
    await house.until_said(posted, TextDelta)
    await house.threads.delete("ada", posted.thread)
    async with asyncio.timeout(5):
        await stopped.wait()
        while house.supervisor.running:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.002)

    assert await house.events(posted) == []


# Threads and history.


async def test_one_run_at_a_time_in_a_thread_and_the_next_begins_by_itself(make_house):
    running, most = 0, 0
    may = asyncio.Event()

    async def agent(message, ctx):
        nonlocal running, most
        running += 1
        most = max(most, running)
        await may.wait()
        yield message
        running -= 1

    house = await make_house(agent)
    first = await house.post("1")
    rest = [await house.post(str(n), thread=first.thread) for n in (2, 3)]
    may.set()
    ends = [await house.ended(posted) for posted in (first, *rest)]

    assert [end.text for end in ends] == ["1", "2", "3"]
    assert most == 1


async def test_threads_do_not_wait_for_one_another(make_house):
    both = asyncio.Barrier(2)

    async def agent(message, ctx):
        await both.wait()
        yield "together"

    house = await make_house(agent)
    ends = await asyncio.gather(*[house.run() for _ in range(2)])

    assert [end.text for end in ends] == ["together"] * 2


async def test_no_more_runs_than_allowed_are_under_way(make_house):
    may = asyncio.Event()

    async def agent(message, ctx):
        await may.wait()
        yield str(house.supervisor.running)

    house = await make_house(agent, runs_at_once=2)
    posted = [await house.post() for _ in range(5)]
    may.set()
    ends = [await house.ended(one) for one in posted]

    assert all(int(end.text) <= 2 for end in ends)


async def test_the_agent_is_told_what_was_said_before(make_house):
    histories = {}

    async def agent(message, ctx):
        histories[message] = list(ctx.history)
        await ctx.think("not part of it")
        yield f"re: {message}"
        if message == "b":
            raise AgentError("half an answer")

    house = await make_house(agent)
    first = await house.post("a")
    await house.ended(first)
    for message in ("b", "c"):
        await house.ended(await house.post(message, thread=first.thread))

    assert histories["a"] == []
    assert histories["c"] == [
        Turn("user", "a"),
        Turn("assistant", "re: a"),
        Turn("user", "b"),
        Turn("assistant", "re: b"),
    ]


async def test_a_message_that_waited_is_told_the_answer_it_waited_for(make_house):
    histories = {}
    may = asyncio.Event()

    async def agent(message, ctx):
        histories[message] = list(ctx.history)
        await may.wait()
        yield f"re: {message}"

    house = await make_house(agent)
    first = await house.post("a")
    rest = [await house.post(text, thread=first.thread) for text in ("b", "c")]
    may.set()
    for posted in rest:
        await house.ended(posted)

    assert histories["b"] == [Turn("user", "a"), Turn("assistant", "re: a")]
    assert [turn.text for turn in histories["c"]] == ["a", "re: a", "b", "re: b"]


async def test_a_retry_is_not_told_of_its_own_failure_or_of_what_came_later(
    make_house,
):
    histories = []

    async def agent(message, ctx):
        histories.append((message, [turn.text for turn in ctx.history]))
        yield f"try {len(histories)}"
        if len(histories) == 1:
            raise AgentError("away")

    house = await make_house(agent)
    first = await house.post("a")
    await house.ended(first)
    await house.ended(await house.post("b", thread=first.thread))
    again = await house.threads.retry("ada", first.run)
    await house.ended(again)
    await house.ended(await house.post("c", thread=first.thread))

    assert again.number == first.number
    assert histories == [
        ("a", []),
        ("b", ["a", "try 1"]),
        ("a", []),
        ("c", ["a", "try 3", "b", "try 2"]),
    ]


# Processes that come and go.


async def test_stopping_ends_all_runs_as_interrupted_and_keeps_queued_ones(make_house):
    house = await make_house(never)
    first = await house.post()
    second = await house.post(thread=first.thread)
    await house.until_said(first, TextDelta)
    await house.supervisor.stop()

    assert isinstance(await house.ended(first), AgentInterrupted)
    assert await house.events(second) == []
    assert list(await house.log.owners()) == []


async def test_a_queued_run_of_the_last_process_is_begun_by_the_next(make_house):
    house = await make_house(echo, starts=False)
    posted = await house.post("hello")
    await house.supervisor.start()

    assert (await house.ended(posted)).text == "hello"


async def test_runs_of_a_dead_process_are_ended_at_the_start(make_house):
    house = await make_house(echo, starts=False)
    posted = await house.post()
    here = this_process()
    dead = Owner(id="dead", boot=here.boot, pid=here.pid, started="long ago")
    await house.log.beat(dead)
    await house.log.lease(dead, limit=5, now=1.0)
    await house.supervisor.start()
    end = await house.ended(posted)

    assert isinstance(end, AgentInterrupted)
    assert end.retryable
    assert (
        await house.ended(await house.threads.retry("ada", posted.run))
    ).text == "go"


async def test_runs_of_a_process_that_fell_silent_are_ended_when_its_lease_lapses(
    make_house,
):
    house = await make_house(
        echo, starts=False, lease_renew_every=0.02, lease_lapses_after=0.2
    )
    posted = await house.post()
    elsewhere = Owner(id="elsewhere", boot="another machine", pid=1, started="1")
    await house.log.beat(elsewhere)
    leased = (await house.log.lease(elsewhere, limit=5, now=1.0))[0]
    await house.supervisor.start()
    for _ in range(5):
        await house.log.beat(elsewhere)
        await asyncio.sleep(0.02)
    assert await house.events(posted) == []

    assert isinstance(await house.ended(posted), AgentInterrupted)
    with pytest.raises(Exception, match="no longer written"):
        await house.log.append(leased, [AgentCancelled()], now=1.0)


async def test_a_run_that_was_taken_away_stops_silently(make_house, caplog):
    """F54: the zombie's next append is refused, and it does not argue."""
    stopped = asyncio.Event()

    async def agent(message, ctx):
        try:
            while True:
                yield "on and on "
                await asyncio.sleep(0.005)
        finally:
            stopped.set()

    house = await make_house(agent)
    posted = await house.post()
    await house.until_said(posted, TextDelta)
    await house.log.interrupt(house.supervisor._owner.id, now=1.0)
    async with asyncio.timeout(5):
        await stopped.wait()
        while house.supervisor.running:  # noqa: ASYNC110 - nothing tells
            await asyncio.sleep(0.002)

    assert isinstance((await house.events(posted))[-1], AgentInterrupted)
    assert [r for r in caplog.records if r.levelname == "WARNING"] == []


async def test_a_wish_to_stop_that_another_process_left_is_found(make_house):
    house = await make_house(never)
    posted = await house.post()
    await house.until_said(posted, TextDelta)
    await house.log.cancel("ada", run=posted.run, now=1.0)
    await house.supervisor.look_around()

    assert isinstance(await house.ended(posted), AgentCancelled)


# When the storage or somebody else fails.


class Flaky:
    """A real log whose appends fail as often as asked, from a certain event on."""

    def __init__(self, log, of, times, error):
        self._log = log
        self._of = of
        self._times = times
        self._error = error

    async def append(self, leased, events, *, now):
        if self._times and any(isinstance(event, self._of) for event in events):
            self._times -= 1
            raise self._error
        return await self._log.append(leased, events, now=now)

    def __getattr__(self, name):
        return getattr(self._log, name)


def flaky(of, times, error=None):
    error = error or StorageError("the disk is full")
    return lambda log: Flaky(log, of, times, error)


async def test_an_end_that_cannot_be_written_is_tried_again(make_house, monkeypatch):
    monkeypatch.setattr("goldenpath.runs._execution._END_AGAIN_AFTER", 0.01)
    house = await make_house(echo, log=flaky(AgentCompleted, 3))

    assert (await house.run("hi")).text == "hi"


async def test_text_that_cannot_be_stored_fails_the_run(make_house):
    house = await make_house(echo, log=flaky(TextDelta, 1))
    end = await house.run()

    assert (end.code, end.retryable) == ("unavailable", True)


async def test_a_run_whose_beginning_cannot_be_stored_ends_all_the_same(make_house):
    house = await make_house(echo, log=flaky(AgentStarted, 1))
    posted = await house.post()

    assert isinstance(await house.ended(posted), AgentInterrupted)
    assert len(await house.events(posted)) == 1


async def test_an_end_that_can_never_be_written_is_replaced_by_one_that_can(
    make_house,
):
    house = await make_house(
        echo, log=flaky(AgentCompleted, 1, OverflowError("a number without end"))
    )
    make_house.errors_are_meant = True

    assert isinstance(await house.run(), AgentInterrupted)


async def test_a_run_ends_when_nobody_can_tell_whose_it_is(make_house):
    house = await make_house(echo, starts=False)
    make_house.errors_are_meant = True

    async def who(user):
        raise LookupError("the directory is down")

    house.supervisor._who = who
    await house.supervisor.start()
    end = await house.run()

    assert isinstance(end, AgentFailed)
    assert "directory" not in repr(end)


async def test_a_store_that_fails_for_a_while_costs_no_queued_run(make_house):
    class Away(Flaky):
        async def lease(self, owner, **how):
            if self._times:
                self._times -= 1
                raise StorageError("busy")
            return await self._log.lease(owner, **how)

    house = await make_house(echo, log=lambda log: Away(log, (), 1, None))

    assert (await house.run("hi")).text == "hi"
