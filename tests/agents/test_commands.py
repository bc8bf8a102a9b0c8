"""The commands show what a run can do; time is counted, not waited for."""

import asyncio

import pytest

from goldenpath.agents import ToolsAgent
from goldenpath.agents._commands import HELP, find_command
from goldenpath.errors import AgentError
from tests.agents.context import RecordingContext

pytestmark = pytest.mark.anyio


class Sleeps:
    def __init__(self) -> None:
        self.each: list[float] = []

    async def __call__(self, seconds: float) -> None:
        self.each.append(seconds)


async def follow(message: str, **options) -> tuple[RecordingContext, Sleeps]:
    sleeps = Sleeps()
    context = RecordingContext(**options)
    await context.follow(ToolsAgent(documents={}, pace=0, sleep=sleeps), message)
    return context, sleeps


@pytest.mark.parametrize(
    ("message", "seconds", "rounds"),
    [
        ("/slow", 10, 1),
        ("/slow 20", 20, 2),
        ("/slow 20s", 20, 2),
        (" /SLOW 2.5 seconds ", 2.5, 1),
        ("/slow 0", 0, 1),
        ("/slow 300", 300, 30),
        ("/slow 999999999", 300, 30),
    ],
)
async def test_slow_works_as_long_as_it_says(message, seconds, rounds):
    context, sleeps = await follow(message)

    assert sum(sleeps.each) == pytest.approx(seconds)
    assert f"{seconds:g} seconds" in context.answer
    assert len(context.of("completed")) == rounds
    assert max(sleeps.each) <= 0.55


async def test_slow_shows_every_kind_of_event():
    context, _ = await follow("/slow 20")

    once = ["executing", "progress", "completed", "text"]
    assert context.kinds == ["think", "text", *once, *once]
    fractions = [fraction for _, fraction, _ in context.of("progress")]
    assert fractions[9] == 1
    assert fractions[:10] == sorted(fractions[:10])
    assert context.of("executing")[1][2] == {"round": 2, "seconds": 4.0}


async def test_slow_tells_the_time_that_has_passed():
    context, _ = await follow("/slow 20")

    lines = [line for line in context.answer.splitlines() if line.startswith("- ")]
    assert lines[0] == "- After 5.0 seconds I am still at work."
    assert lines[-1] == "- After 20.0 seconds I am still at work."
    assert len(lines) == 12


async def test_slow_grows_by_less_than_a_word_at_a_time():
    context, _ = await follow("/slow 5")

    assert max(len(text.split()) for _, text in context.of("text")[1:-1]) == 1


async def test_slow_can_be_stopped_at_any_moment():
    asleep = asyncio.Event()

    async def for_ever(seconds: float) -> None:
        asleep.set()
        await asyncio.get_running_loop().create_future()

    context = RecordingContext()
    agent = ToolsAgent(documents={}, sleep=for_ever)
    running = asyncio.create_task(context.follow(agent, "/slow 300"))
    await asleep.wait()
    running.cancel()
    with pytest.raises(asyncio.CancelledError):
        await running

    assert context.kinds[-1] == "executing"


async def test_ask_uses_the_reply():
    context, _ = await follow("/ask", replies=["Green"])

    assert context.of("ask")[0][2][0] == "Green"
    assert context.answer == "You answered `Green`. Thank you."


@pytest.mark.parametrize(
    ("reply", "quoted"),
    [
        ("a `b`\n# c", "a 'b' # c"),
        ({"x": 1}, "{'x': 1}"),
        ("", "nothing"),
        ("y" * 999, "y" * 200),
    ],
)
async def test_a_reply_cannot_break_out_of_the_answer(reply, quoted):
    context, _ = await follow("/ask", replies=[reply])

    assert context.answer == f"You answered `{quoted}`. Thank you."


@pytest.mark.parametrize(
    ("message", "retryable"), [("/fail", True), ("/fail finally", False)]
)
async def test_fail_fails_after_a_few_words(message, retryable):
    context = RecordingContext()
    with pytest.raises(AgentError, match="as asked") as caught:
        await context.follow(ToolsAgent(documents={}, pace=0), message)

    assert caught.value.retryable is retryable
    assert context.answer == "This is as far as I get"


@pytest.mark.parametrize(
    ("message", "count"),
    [("/long", 12), ("/long 3", 3), ("/long 0", 0), ("/long 9999", 200)],
)
async def test_long_has_as_many_paragraphs_as_asked_for(message, count):
    context, _ = await follow(message)

    numbers = [n for n in range(1, 300) if f"Paragraph {n} " in context.answer]
    assert numbers == list(range(1, count + 1))


async def test_long_holds_every_kind_of_markdown():
    context, _ = await follow("/long 6")

    for part in ("## ", "\n- one", "```python\n", "|---:|", "> ", "\n1. ", "𝄞"):
        assert part in context.answer


@pytest.mark.parametrize("message", ["/help", "help", "Help!", "/nonsense 5"])
async def test_help_tells_what_there_is_and_that_there_is_no_model(message):
    context, _ = await follow(message)

    assert context.answer.endswith(HELP)
    assert context.answer.startswith("There is no such command") is ("/non" in message)
    assert "not a language model" in HELP
    for name in ("/slow", "/ask", "/long", "/fail"):
        assert name in HELP


@pytest.mark.parametrize("message", ["/slow x", "/slow -1", "/slow nan", "/long 1e9"])
async def test_a_number_that_is_none_is_told(message):
    with pytest.raises(AgentError, match="Expected a number"):
        await follow(message)


@pytest.mark.parametrize(
    "message", ["slow", "a /slow", "/", "", "1/2", "/slow" + " x" * 200]
)
def test_other_messages_are_no_commands(message):
    assert find_command(message) is None
