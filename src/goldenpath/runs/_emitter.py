"""From an agent's mouth to the log: one append under way, the next one gathering."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable, Sequence

import msgspec

from goldenpath.errors import AgentError, LocalProtocolError, OrderError
from goldenpath.protocol._events import (
    RUN_ENDS,
    AgentStarted,
    AgentThinking,
    Event,
    InputReceived,
    TextDelta,
    event_type,
)
from goldenpath.protocol._order import RunOrder
from goldenpath.runs._coalescer import Coalescer

# An agent that is faster than the disk waits beyond this.
_PENDING_BYTES = 256 * 1024
# Of one event; its frame stays below the limit of every reader.
EVENT_BYTES = 192 * 1024
# What is not the agent's to write.
_OTHERS: tuple[type[Event], ...] = (AgentStarted, InputReceived, *RUN_ENDS)
_UNWRITABLE = (
    msgspec.MsgspecError,
    OverflowError,
    RecursionError,
    TypeError,
    ValueError,
)


class Emitter:
    """What one run says, checked where it is said.

    Args:
        append: Appends a batch to the log; what it raises ends the run.
        coalescer: Gathers pieces of text.
        most_bytes: What it may say in all.
    """

    def __init__(
        self,
        append: Callable[[Sequence[Event]], Awaitable[None]],
        coalescer: Coalescer,
        *,
        most_bytes: int,
    ) -> None:
        self._append = append
        self._coalescer = coalescer
        self._order = RunOrder().after(AgentStarted(agent="", message=0))
        self._text: list[str] = []
        self._left_bytes = most_bytes
        self._said = asyncio.Event()
        self._drained = asyncio.Event()
        self._drained.set()
        self._appending = asyncio.Lock()
        self._is_over = False

    @property
    def text(self) -> str:
        """The whole answer so far."""
        return "".join(self._text)

    async def say(self, piece: str) -> None:
        """Add a piece of the answer.

        Raises:
            AgentError: It is too much.
        """
        self._may_speak()
        self._spend(len(piece.encode(errors="replace")))
        self._note(self._coalescer.text(piece))
        await self._announce()

    async def think(self, piece: str) -> None:
        """Add a piece of reasoning.

        Raises:
            AgentError: It is too much.
        """
        self._may_speak()
        self._spend(len(piece.encode(errors="replace")))
        self._note(self._coalescer.thinking(piece))
        await self._announce()

    async def emit(self, event: Event) -> None:
        """Add any event that an agent may make.

        Raises:
            OrderError: It may not come now, or is not the agent's to make.
            LocalProtocolError: No reader could read it.
            AgentError: It is too much.
        """
        self._may_speak()
        if isinstance(event, TextDelta):
            await self.say(event.text)
        elif isinstance(event, AgentThinking):
            await self.think(event.text)
        elif isinstance(event, _OTHERS):
            raise OrderError(
                f"{event_type(event)} is written by whoever runs the agent: "
                "return to complete, raise to fail"
            )
        else:
            self._order.after(event)  # refused before anything has changed
            self._spend(_readable_bytes(event))
            self._note(self._coalescer.event(event))
            self._order = self._order.after(event)
            await self._announce()

    def heard(self, event: Event) -> None:
        """Note an event of the run that somebody else appended."""
        self._order = self._order.after(event)

    def may_complete(self) -> None:
        """Check that nothing is open.

        Raises:
            OrderError: A tool call or a question is.
        """
        if self._order.open_calls or self._order.open_questions:
            still_open = sorted(self._order.open_calls | self._order.open_questions)
            raise OrderError(f"the agent returned with open: {', '.join(still_open)}")

    async def finish(self) -> None:
        """Append all that was said."""
        self._note(self._coalescer.settle())
        await self.flush()

    def stop(self) -> None:
        """Let nothing more be said, and :meth:`pump` return."""
        self._is_over = True
        self._said.set()
        self._drained.set()

    async def flush(self) -> None:
        """Append what waits."""
        async with self._appending:
            batch = self._coalescer.take(now=asyncio.get_running_loop().time())
            self._said.clear()
            self._drained.set()
            if batch:
                await self._append(batch)

    async def pump(self) -> None:
        """Append what is said, when it is due, until stopped."""
        loop = asyncio.get_running_loop()
        while not self._is_over:
            due = self._coalescer.due()
            if due is None:
                self._said.clear()
                await self._said.wait()
                continue
            delay = due - loop.time()
            if delay > 0:
                self._said.clear()
                try:
                    async with asyncio.timeout(delay):
                        await self._said.wait()
                except TimeoutError:
                    pass
                else:
                    continue
            await self.flush()

    def _may_speak(self) -> None:
        if self._is_over:
            raise OrderError("the run has ended; the agent talks on")

    def _spend(self, size: int) -> None:
        """Take in that something is said: the log must keep it, and so must this."""
        self._left_bytes -= size
        if self._left_bytes < 0:
            raise AgentError("The answer became too long", retryable=False)

    def _note(self, events: Sequence[Event]) -> None:
        for event in events:
            self._order = self._order.after(event)
            if isinstance(event, TextDelta):
                self._text.append(event.text)

    async def _announce(self) -> None:
        self._said.set()
        if self._coalescer.pending_bytes > _PENDING_BYTES:
            self._drained.clear()
            await self._drained.wait()


def _readable_bytes(event: Event) -> int:
    """Return an event's size; refuse what no reader could read where it is made."""
    try:
        encoded = msgspec.json.encode(event)
        msgspec.json.decode(encoded, type=type(event))
    except _UNWRITABLE as error:
        raise LocalProtocolError(
            f"{event_type(event)} cannot be written: {error}"
        ) from error
    if len(encoded) > EVENT_BYTES:
        raise LocalProtocolError(
            f"{event_type(event)} of {len(encoded)} bytes; the limit is {EVENT_BYTES}"
        )
    return len(encoded)
