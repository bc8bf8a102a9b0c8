"""What an agent is given; see :class:`goldenpath.RunContext` for the promise."""

from __future__ import annotations

import asyncio
import contextlib
import time
from collections.abc import AsyncIterator, Sequence
from typing import Any

import msgspec

from goldenpath._ids import new_id
from goldenpath.agents._base import ToolCall, Turn, User
from goldenpath.errors import OrderError
from goldenpath.logs._base import LeasedRun
from goldenpath.protocol._events import (
    InputReceived,
    InputRequested,
    ToolCompleted,
    ToolExecuting,
    ToolProgress,
)
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
        user: User,
        history: Sequence[Turn],
        emitter: Emitter,
        tool_result_bytes: int,
    ) -> None:
        self.user = user
        self.thread = leased.thread
        self.run = leased.run
        self.history = history
        self.cancelled = False
        self.used: dict[str, int] = {}
        self._emitter = emitter
        self._tool_result_bytes = tool_result_bytes
        self._questions: dict[str, asyncio.Future[Any]] = {}

    @property
    def is_asking(self) -> bool:
        """Whether the agent waits for the person."""
        return bool(self._questions)

    async def think(self, text: str) -> None:
        """Show a piece of reasoning."""
        await self._emitter.think(text)

    @contextlib.asynccontextmanager
    async def tool(self, name: str, arguments: Any = None) -> AsyncIterator[ToolCall]:
        """Write that a tool call began, and however the block ends, its end."""
        call = new_id()
        await self._emitter.emit(
            ToolExecuting(call=call, name=name, arguments=_as_json(arguments))
        )
        began = time.monotonic()
        running = _RunningCall(call, self._emitter)
        try:
            yield running
        except Exception as error:
            await self._complete(call, began, None, str(error) or type(error).__name__)
            raise
        # A cancelled call is closed by the run's own end.
        await self._complete(call, began, running.result, None)

    async def ask(self, question: str, *, choices: Sequence[str] = ()) -> Any:
        """Ask the person and wait for the answer."""
        call = new_id()
        answer = asyncio.get_running_loop().create_future()
        self._questions[call] = answer
        await self._emitter.emit(
            InputRequested(call=call, question=question, choices=tuple(choices))
        )
        return await answer

    def use(self, **amounts: int) -> None:
        """Add to what the run used."""
        for kind, amount in amounts.items():
            self.used[kind] = self.used.get(kind, 0) + amount

    def answered(self, call: str, value: Any) -> None:
        """Hand a person's answer to whoever asked."""
        question = self._questions.pop(call, None)
        if question is not None and not question.done():
            self._emitter.heard(InputReceived(call=call, value=value))
            question.set_result(value)

    async def _complete(
        self, call: str, began: float, result: Any, error: str | None
    ) -> None:
        value, cut_from = _cut(_as_json(result), self._tool_result_bytes)
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
        return msgspec.to_builtins(value, str_keys=True)
    except TypeError as error:
        raise OrderError(f"a tool's values must be JSON: {error}") from error


def _cut(value: Any, limit: int) -> tuple[Any, int | None]:
    encoded = msgspec.json.encode(value)
    if len(encoded) <= limit:
        return value, None
    text = value if isinstance(value, str) else encoded.decode()
    return text.encode()[:limit].decode("utf-8", "ignore"), len(encoded)
