"""What an application has yet to take of one WebSocket."""

from __future__ import annotations

import asyncio
from collections import deque
from collections.abc import MutableMapping
from typing import Any

from goldenpath.server._limits import Limits

Message = MutableMapping[str, Any]


class Inbox:
    """A queue of messages, and of the disconnect after them.

    Nothing is read while it is full, so what does not fit stays with the peer.

    Args:
        transport: Is read from, or not.
        limits: How much may wait.
    """

    def __init__(self, transport: asyncio.Transport, limits: Limits) -> None:
        self._transport = transport
        self._limits = limits
        self._messages: deque[str | bytes] = deque()
        self._bytes = 0
        self._is_connect_told = False
        self._disconnect: Message | None = None
        self._arrival: asyncio.Future[None] | None = None
        self.is_reading_paused = True
        transport.pause_reading()

    def __len__(self) -> int:
        return len(self._messages)

    @property
    def size(self) -> int:
        """Bytes and characters that wait."""
        return self._bytes

    def put(self, message: str | bytes) -> None:
        """Add a message."""
        self._messages.append(message)
        self._bytes += len(message)
        if self._is_full() and not self.is_reading_paused:
            self.is_reading_paused = True
            self._transport.pause_reading()
        self._wake()

    def end(self, code: int, reason: str) -> None:
        """Add the disconnect, unless it is there: the first word counts."""
        if self._disconnect is None:
            self._disconnect = {
                "type": "websocket.disconnect",
                "code": code,
                "reason": reason,
            }
            self._wake()

    @property
    def is_ended(self) -> bool:
        """Whether no message comes any more."""
        return self._disconnect is not None

    async def take(self) -> Message:
        """Return what ASGI calls the next event; a cancelled call loses nothing."""
        if not self._is_connect_told:
            self._is_connect_told = True
            return {"type": "websocket.connect"}
        while not self._messages:
            if self._disconnect is not None:
                return dict(self._disconnect)
            self._arrival = asyncio.get_running_loop().create_future()
            try:
                await self._arrival
            finally:
                self._arrival = None
        message = self._messages.popleft()
        self._bytes -= len(message)
        if self.is_reading_paused and not self._is_full(share=2):
            self.read_on()
        if isinstance(message, str):
            return {"type": "websocket.receive", "text": message}
        return {"type": "websocket.receive", "bytes": message}

    def read_on(self) -> None:
        """Read again, unless it is full; what comes after the end is not kept."""
        self.is_reading_paused = self._is_full() and not self.is_ended
        if not self.is_reading_paused:
            self._transport.resume_reading()

    def _is_full(self, *, share: int = 1) -> bool:
        return (
            len(self._messages) > self._limits.waiting_messages // share
            or self._bytes > self._limits.waiting_bytes // share
        )

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)
