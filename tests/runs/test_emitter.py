"""What one run says, checked where it is said, and appended one batch at a time."""

import asyncio

import pytest

from goldenpath.errors import AgentError, LocalProtocolError, OrderError
from goldenpath.protocol._events import (
    AgentCompleted,
    AgentStarted,
    InputReceived,
    InputRequested,
    TextDelta,
    ToolCompleted,
    ToolExecuting,
    ToolProgress,
    UserMessage,
)
from goldenpath.runs._coalescer import Coalescer
from goldenpath.runs._emitter import Emitter

pytestmark = pytest.mark.anyio


class Disk:
    """Appends when it is told to, and knows how many appends are under way."""

    def __init__(self):
        self.batches = []
        self.at_once = 0
        self.most_at_once = 0
        self.may = asyncio.Event()
        self.asked = asyncio.Event()

    async def append(self, events):
        self.at_once += 1
        self.most_at_once = max(self.most_at_once, self.at_once)
        self.asked.set()
        await self.may.wait()
        self.batches.append(list(events))
        self.at_once -= 1


@pytest.fixture
def disk():
    return Disk()


def emitter_for(append, *, most_bytes=10**9):
    coalescer = Coalescer(every=0.0, max_bytes=1024)
    return Emitter(append, coalescer, most_bytes=most_bytes)


@pytest.fixture
def emitter(disk):
    return emitter_for(disk.append)


async def test_one_append_is_under_way_and_what_comes_meanwhile_is_the_next(
    disk, emitter
):
    pump = asyncio.create_task(emitter.pump())
    await emitter.say("a")
    await disk.asked.wait()
    for piece in "bcd":
        await emitter.say(piece)
    disk.may.set()
    await emitter.finish()
    emitter.stop()
    await pump

    assert disk.batches == [[TextDelta(text="a")], [TextDelta(text="bcd", offset=1)]]
    assert disk.most_at_once == 1
    assert emitter.text == "abcd"


async def test_an_agent_that_is_faster_than_the_disk_waits(disk, emitter):
    pump = asyncio.create_task(emitter.pump())
    await emitter.say("x")
    await disk.asked.wait()

    async def flood():
        for _ in range(100):
            await emitter.say("x" * 10_000)

    flooding = asyncio.create_task(flood())
    await asyncio.sleep(0.02)
    assert not flooding.done()
    assert len(emitter.text) <= 256 * 1024 + 10_001

    disk.may.set()
    await flooding
    await emitter.finish()
    emitter.stop()
    await pump
    assert sum(len(e.text) for batch in disk.batches for e in batch) == 1_000_001


async def test_a_refused_append_ends_the_pump_with_its_reason():
    async def refuse(_events):
        raise OSError("no disk")

    emitter = emitter_for(refuse)
    await emitter.say("a")

    with pytest.raises(OSError, match="no disk"):
        await emitter.pump()


async def test_stopping_waits_for_the_append_under_way(disk, emitter):
    pump = asyncio.create_task(emitter.pump())
    await emitter.say("a")
    await disk.asked.wait()
    emitter.stop()
    await asyncio.sleep(0)
    assert not pump.done()
    disk.may.set()
    await pump

    assert disk.batches == [[TextDelta(text="a")]]


async def test_after_its_end_nothing_can_be_said(emitter):
    emitter.stop()

    for talk in (
        emitter.say("a"),
        emitter.think("a"),
        emitter.emit(ToolExecuting(call="c", name="n")),
    ):
        with pytest.raises(OrderError, match="has ended"):
            await talk


@pytest.mark.parametrize(
    "event",
    [
        AgentStarted(agent="a", message=1),
        AgentCompleted(length=0, duration=0.0),
        InputReceived(call="c", value=True),
        ToolCompleted(call="never began", duration=0.0),
        ToolProgress(call="never began"),
        UserMessage(text="I am the user", client_message_id="m"),
    ],
    ids=lambda event: type(event).__name__,
)
async def test_what_is_not_the_agents_to_say_is_named_where_it_is_said(emitter, event):
    await emitter.emit(InputRequested(call="c", question="?"))
    with pytest.raises(OrderError, match=str(event.__struct_config__.tag)):
        await emitter.emit(event)
    await emitter.say("goes on")

    assert emitter.text == "goes on"


@pytest.mark.parametrize(
    "event",
    [
        ToolExecuting(call="c", name="n", arguments=object()),
        ToolExecuting(call="c", name="lone \ud800"),
        ToolExecuting(call="c", name=7),
        ToolExecuting(call="c", name="n", arguments="x" * 200_000),
        InputRequested(call="c", question="?", choices=(1, 2)),
    ],
)
async def test_an_event_that_no_reader_could_read_never_leaves_the_agent(
    emitter, event
):
    with pytest.raises(LocalProtocolError, match=str(event.__struct_config__.tag)):
        await emitter.emit(event)
    await emitter.emit(ToolExecuting(call="c", name="the name is free still"))


async def test_raw_deltas_are_numbered_anew(disk, emitter):
    disk.may.set()
    await emitter.emit(TextDelta(text="a", block=7, offset=99))
    await emitter.say("b")
    await emitter.finish()

    assert disk.batches == [[TextDelta(text="ab")]]


async def test_returning_with_an_open_call_or_question_is_an_error(emitter):
    await emitter.emit(ToolExecuting(call="c1", name="n"))
    await emitter.emit(InputRequested(call="c2", question="?"))
    with pytest.raises(OrderError, match="c1, c2"):
        emitter.may_complete()
    await emitter.emit(ToolCompleted(call="c1", duration=0.0))
    emitter.heard(InputReceived(call="c2"))

    emitter.may_complete()


async def test_s38_all_that_a_run_says_has_an_end(disk):
    """A model that talks for ever fills memory, and the disk of everybody."""
    disk.may.set()
    for say in (
        lambda one: one.say("x" * 100),
        lambda one: one.say("\u20ac" * 30 + "\ud800" * 10),
        lambda one: one.think("x" * 100),
        lambda one: one.emit(ToolExecuting(call="c", name="x" * 40)),
    ):
        one = emitter_for(disk.append, most_bytes=150)
        await say(one)
        with pytest.raises(AgentError, match="too long") as caught:
            await one.say("y" * 80)
        assert not caught.value.retryable
        assert "y" not in one.text
