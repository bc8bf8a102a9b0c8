"""A run's context for tests: small, real, and it keeps what happened in order."""

from __future__ import annotations

import asyncio
import collections
import contextlib
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any

from goldenpath.agents._base import Agent, ToolCall, Turn
from goldenpath.protocol._events import Event
from goldenpath.protocol._frames import Person


class RecordingCall:
    def __init__(self, record: Callable[..., None]) -> None:
        self.result: Any = None
        self._record = record

    async def progress(self, fraction: float | None = None, *, text: str = "") -> None:
        self._record("progress", fraction, text)


class RecordingContext:
    """Records (kind, …) tuples, pieces of the answer included.

    Args:
        history: What was said before.
        replies: Answers to questions; a question without one waits for ever.
    """

    def __init__(
        self, history: Sequence[Turn] = (), replies: Sequence[Any] = ()
    ) -> None:
        self.message_key = "thread-1:1"
        self.user = Person(id="user-1", name="Ada")
        self.thread = "thread-1"
        self.run = "run-1"
        self.history = history
        self.cancelled = False
        self.events: list[tuple[Any, ...]] = []
        self.used: dict[str, int] = {}
        self._replies = list(replies)
        self._heard: dict[str, asyncio.Event] = collections.defaultdict(asyncio.Event)

    def record(self, *event: Any) -> None:
        self.events.append(event)
        self._heard[event[0]].set()

    async def wait_heard(self, kind: str) -> None:
        """Return once an event of a kind was recorded."""
        await self._heard[kind].wait()

    async def think(self, text: str) -> None:
        self.record("think", text)

    @contextlib.asynccontextmanager
    async def tool(self, name: str, arguments: Any = None) -> AsyncIterator[ToolCall]:
        self.record("executing", name, arguments)
        call = RecordingCall(self.record)
        try:
            yield call
        except Exception as error:
            self.record("completed", name, None, str(error))
            raise
        self.record("completed", name, call.result, None)

    async def ask(self, question: str, *, choices: Sequence[str] = ()) -> Any:
        self.record("ask", question, tuple(choices))
        if not self._replies:
            await asyncio.get_running_loop().create_future()
        return self._replies.pop(0)

    def use(self, **amounts: int) -> None:
        for kind, amount in amounts.items():
            self.used[kind] = self.used.get(kind, 0) + amount

    async def follow(self, agent: Agent, message: str) -> str:
        """Run an agent; return its whole answer."""
        async for piece in agent(message, self):
            self.record(
                *(("event", piece) if isinstance(piece, Event) else ("text", piece))
            )
        return self.answer

    @property
    def answer(self) -> str:
        return "".join(event[1] for event in self.events if event[0] == "text")

    def of(self, kind: str) -> list[tuple[Any, ...]]:
        return [event for event in self.events if event[0] == kind]

    @property
    def kinds(self) -> list[str]:
        """The kinds of events in order, repetitions left out."""
        kinds = [event[0] for event in self.events]
        return [kind for n, kind in enumerate(kinds) if n == 0 or kinds[n - 1] != kind]
