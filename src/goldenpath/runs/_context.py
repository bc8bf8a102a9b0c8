"""What an agent is given; see :class:`goldenpath.RunContext` for the promise."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec

from goldenpath._ids import new_id
from goldenpath.agents._base import ToolCall, Turn
from goldenpath.errors import AgentError, OrderError
from goldenpath.logs._base import LeasedRun
from goldenpath.protocol._events import (
    InputReceived,
    InputRequested,
    ToolCompleted,
    ToolExecuting,
    ToolProgress,
)
from goldenpath.protocol._frames import Person
from goldenpath.runs._emitter import Emitter


class RunningContext:
    """The context of one run under way.

    Args:
        leased: The run.
        user: Whose it is.
        history: What was said before.
        emitter: Where its events go.
        tool_result_bytes: Longer results are cut.
    """

    def __init__(
        self,
        leased: LeasedRun,
        *,
        user: Person,
        history: Sequence[Turn],
        emitter: Emitter,
        tool_result_bytes: int,
    ) -> None:
        self.user = user
        self.thread = leased.thread
        self.run = leased.run
        self.message_key = f"{leased.thread}:{leased.message}"
        self.history = history
        self.cancelled = False
        self.used: dict[str, int] = {}
        self._emitter = emitter
        self._tool_result_bytes = tool_result_bytes
        self._questions: dict[str, asyncio.Future[Any]] = {}
        self._asking_since = 0.0
        self._asked_for = 0.0

    def asked_for(self, *, now: float) -> float:
        """Return for how many seconds the agent has waited for the person."""
        if self._questions:
            return self._asked_for + now - self._asking_since
        return self._asked_for

    async def think(self, text: str) -> None:
        """Show a piece of reasoning."""
        await self._emitter.think(text)

    @contextlib.asynccontextmanager
    async def tool(self, name: str, arguments: Any = None) -> AsyncIterator[ToolCall]:
        """Write that a tool call began, and however the block ends, its end."""
        call = new_id()
        await self._emitter.emit(
            ToolExecuting(
                call=call,
                name=name,
                arguments=_cut(_as_json(arguments), self._tool_result_bytes)[0],
            )
        )
        began = time.monotonic()
        running = _RunningCall(call, self._emitter)
        try:
            yield running
        except AgentError as error:
            await self._complete(call, began, None, str(error))
            raise
        except Exception:
            # What else went wrong inside is not for the person to read.
            await self._complete(call, began, None, "The tool failed")
            raise
        # A cancelled call is closed by the run's own end.
        await self._complete(call, began, running.result, None)

    async def ask(self, question: str, *, choices: Sequence[str] = ()) -> Any:
        """Ask the person and wait for the answer."""
        call = new_id()
        loop = asyncio.get_running_loop()
        answer = loop.create_future()
        if not self._questions:
            self._asking_since = loop.time()
        self._questions[call] = answer
        try:
            await self._emitter.emit(
                InputRequested(call=call, question=question, choices=tuple(choices))
            )
            return await answer
        finally:
            del self._questions[call]
            if not self._questions:
                self._asked_for += loop.time() - self._asking_since

    def use(self, **amounts: int) -> None:
        """Add to what the run used."""
        for kind, amount in amounts.items():
            if not isinstance(amount, int):
                raise OrderError(f"{kind}={amount!r} is no whole number")
            self.used[kind] = self.used.get(kind, 0) + amount

    def answered(self, call: str, value: Any) -> None:
        """Hand a person's answer to whoever asked."""
        # Also if nobody waits any more: the log has the answer already.
        self._emitter.heard(InputReceived(call=call, value=value))
        question = self._questions.get(call)
        if question is not None and not question.done():
            question.set_result(value)

    async def _complete(
        self, call: str, began: float, result: Any, error: str | None
    ) -> None:
        value, cut_from = _cut(_as_json(result), self._tool_result_bytes)
        if error is not None:
            error = _cut(sound(error), self._tool_result_bytes)[0]
        await self._emitter.emit(
            ToolCompleted(
                call=call,
                duration=round(time.monotonic() - began, 3),
                result=value,
                error=error,
                cut_from=cut_from,
            )
        )


class _RunningCall:
    """A tool call under way."""

    def __init__(self, call: str, emitter: Emitter) -> None:
        self.result: Any = None
        self._call = call
        self._emitter = emitter

    async def progress(self, fraction: float | None = None, *, text: str = "") -> None:
        """Tell how far it is."""
        await self._emitter.emit(
            ToolProgress(call=self._call, fraction=fraction, text=text)
        )


def _as_json(value: Any) -> Any:
    """Return what JSON makes of a value, so that a bad one fails in its own process.

    Raises:
        OrderError: It has no JSON.
    """
    try:
        plain = msgspec.to_builtins(value, str_keys=True)
        msgspec.json.encode(plain)
        return plain
    except (TypeError, ValueError, OverflowError, RecursionError) as error:
        raise OrderError(f"a tool's values must be JSON: {error}") from error


def _cut(value: Any, limit: int) -> tuple[Any, int | None]:
    encoded = msgspec.json.encode(value)
    if len(encoded) <= limit:
        return value, None
    text = value if isinstance(value, str) else encoded.decode()
    cut = text.encode()[:limit].decode("utf-8", "ignore")
    # Escapes can make the JSON of a text several times as long.
    while (length := len(msgspec.json.encode(cut))) > limit:
        cut = cut[: len(cut) * limit // length]
    return cut, len(encoded)


def sound(text: str) -> str:
    """Return a text that has UTF-8: lone surrogates are replaced."""
    return text.encode("utf-8", "replace").decode()
