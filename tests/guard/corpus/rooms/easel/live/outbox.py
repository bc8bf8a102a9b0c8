from __future__ import annotations

import asyncio
import contextlib

from easel.live.ports import Socket


class Outbox:
    """One member's queue of unsent text, and the task that empties it.

    A slow reader must not hold up the room: when the queue is full the
    oldest text goes. Owned by RoomHub.
    """

    def __init__(self, socket: Socket, limit: int = 256) -> None:
        self._socket = socket
        self._queue: asyncio.Queue[str] = asyncio.Queue(limit)
        self._task = asyncio.create_task(self._drain())
        self.dropped = 0

    def put(self, text: str) -> None:
        if self._queue.full():
            self._queue.get_nowait()
            self.dropped += 1
        self._queue.put_nowait(text)

    async def close(self, code: int = 1000) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError, RuntimeError):
            await self._task
        with contextlib.suppress(RuntimeError):
            await self._socket.close(code)

    async def _drain(self) -> None:
        while True:
            await self._socket.send_text(await self._queue.get())
