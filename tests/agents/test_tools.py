"""The tools agent answers what it can compute, and says so when it cannot."""

import datetime as dt
import time

import pytest

from goldenpath.agents import ToolsAgent
from goldenpath.agents._base import agent_name, agent_note
from goldenpath.agents._commands import HELP
from tests.agents.context import RecordingContext

pytestmark = pytest.mark.anyio

NOW = dt.datetime(2026, 11, 23, 9, 5, tzinfo=dt.UTC)
TEXTS = {
    "Cats": "# Cats\n\nA cat sleeps.\n\nA lot.\n\n## Food\n\nCats eat fish.\n",
    "Dogs": "A dog chases cats.",
}
AGENT = ToolsAgent(documents=TEXTS, clock=lambda: NOW, pace=0)


async def follow(message: str) -> RecordingContext:
    context = RecordingContext()
    await context.follow(AGENT, message)
    return context


def test_it_says_that_it_is_no_model():
    assert agent_name(AGENT) == "Tools"
    assert "No language model" in agent_note(AGENT)


@pytest.mark.parametrize(
    ("message", "tool", "answer"),
    [
        ("15% of 80", "calculate", "`15% of 80` = **12**"),
        ("sqrt(2)", "calculate", "`sqrt(2)` ≈ **1.41421356237**"),
        ("what is 1/3?", "calculate", "`1/3` = **1/3 ≈ 0.333333333333**"),
        ("10 km in miles", "convert_units", "10 km = **6.213711922 mi**"),
        ("what day is 2027-01-01", "answer_dates", "1 January 2027 is a **Friday**."),
        (
            "today",
            "answer_dates",
            (
                "Today is **Monday, 23 November 2026**; "
                "the server's clock says 09:05 (UTC)."
            ),
        ),
        (
            "search sleep",
            "search_documents",
            "From the documentation, *Cats*:\n\n> A cat sleeps.\n>\n> A lot.",
        ),
        (
            "what do cats eat?",
            "search_documents",
            (
                "From the documentation, *Cats · Food*:\n\n> Cats eat fish.\n\n"
                "Also about this:\n\n- *Cats*\n- *Dogs*"
            ),
        ),
        (
            "search zebra",
            "search_documents",
            "The documentation has nothing about that.",
        ),
    ],
)
async def test_a_message_is_answered_by_a_tool(message, tool, answer):
    context = await follow(message)

    assert context.answer == answer
    assert context.kinds == ["think", "executing", "completed", "text"]
    assert context.of("executing")[0][1] == tool
    assert context.of("completed")[0][2:] != (None, None)


@pytest.mark.parametrize(
    ("message", "text"),
    [
        ("2**10**10", "too large"),
        ("1/0", "division by zero has no value."),
        ("5 kg in km", "'kg' measures weight"),
        ("what day is 2027-02-30", "there is no date"),
    ],
)
async def test_a_tool_that_cannot_is_told_kindly_and_at_once(message, text):
    """It is an answer, not a failure: a retry would change nothing."""
    began = time.perf_counter()
    context = await follow(message)

    assert text in context.answer
    assert text.rstrip(".") in context.of("completed")[0][3]
    assert time.perf_counter() - began < 1


@pytest.mark.parametrize(
    "message", ["hello", "write a poem about fish", "", "x" * 60_000]
)
async def test_what_it_does_not_recognise_gets_an_honest_answer(message):
    context = await follow(message)

    assert context.answer == "I did not recognise what you ask.\n\n" + HELP
    assert context.kinds == ["think", "text"]


async def test_the_text_grows_word_by_word():
    slept: list[float] = []

    async def sleep(seconds: float) -> None:
        slept.append(seconds)

    context = RecordingContext()
    agent = ToolsAgent(documents=TEXTS, pace=0.25, sleep=sleep)
    await context.follow(agent, "15% of 80")

    pieces = [text for _, text in context.of("text")]
    assert pieces == ["`15%", " of", " 80`", " =", " **12**"]
    assert slept == [0.25] * 4


@pytest.mark.parametrize(
    ("message", "expected"),
    [
        ("15% of 80", True),
        ("10 km in miles", True),
        ("today", True),
        ("search cats", True),
        ("what is goldenpath", True),
        ("/slow 5", True),
        ("help", True),
        # It would search for these, but a model should have them.
        ("what do cats eat?", False),
        ("hello", False),
        ("", False),
    ],
)
def test_it_tells_what_it_recognises(message, expected):
    assert AGENT.recognises(message) is expected


async def test_without_documents_it_has_those_about_goldenpath():
    context = RecordingContext()
    await context.follow(ToolsAgent(pace=0), "how does resume work?")

    assert "*How resume works*" in context.answer
