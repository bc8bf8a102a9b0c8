"""What was asked of the server, until it is answered; said at the server's pace."""

from __future__ import annotations

import asyncio
import contextlib

from websockets.asyncio.client import ClientConnection
from websockets.exceptions import ConnectionClosed

from goldenpath.errors import RefusedError
from goldenpath.protocol._codec import encode_frame
from goldenpath.protocol._frames import ClientFrame, ErrorFrame, Limits, Result
from goldenpath.protocol._rate import TokenBucket

# Hello, pongs and resumes are not held back, but the server counts them as well.
_RATE_SHARE = 0.9
_RATE_KEPT = 8


class Requests:
    """Requests outlive connections: each is repeated until it is answered."""

    def __init__(self) -> None:
        self._pending: dict[str, tuple[bytes, asyncio.Future[Result]]] = {}
        self._unsaid: tuple[str, ...] = ()
        self._websocket: ClientConnection | None = None
        self._frame_bytes = 0
        self._pace = TokenBucket(rate=1.0, burst=1.0, now=0.0)
        self._turn = asyncio.Lock()

    def welcomed(self, websocket: ClientConnection, limits: Limits) -> None:
        """Ask on this connection from now on; :meth:`repeat` what waits."""
        self._websocket = websocket
        self._unsaid = tuple(self._pending)
        self._frame_bytes = limits.frame_bytes
        self._pace = TokenBucket(
            rate=limits.frames_per_second * _RATE_SHARE,
            burst=max(1.0, limits.frames_burst - _RATE_KEPT),
            now=asyncio.get_running_loop().time(),
        )

    def lost(self) -> None:
        """Keep what is asked until there is another connection."""
        self._websocket = None

    async def ask(self, name: str, frame: ClientFrame) -> Result:
        """Ask, and return the answer, however many connections that takes.

        Raises:
            RefusedError: The server refuses it.
        """
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._pending[name] = (encode_frame(frame), future)
        try:
            await self._say(name)
            return await future
        finally:
            del self._pending[name]

    async def repeat(self) -> None:
        """Ask again what no connection before this one brought an answer to."""
        for name in self._unsaid:
            await self._say(name)

    def answered(self, frame: Result | ErrorFrame) -> None:
        """Take in an answer."""
        _, future = self._pending.get(frame.id or "", (None, None))
        if future is None or future.done():
            return
        if isinstance(frame, Result):
            future.set_result(frame)
        else:
            future.set_exception(
                RefusedError(
                    frame.code,
                    frame.message,
                    retryable=frame.retryable,
                    retry_after=frame.retry_after,
                )
            )

    def fail(self, error: Exception) -> None:
        """Let nobody wait any more: there will be no answers."""
        for _, future in self._pending.values():
            if not future.done():
                future.set_exception(error)

    async def say_in_turn(self, data: bytes) -> None:
        """Say something on this connection, not faster than the server allows.

        Does nothing if the connection is lost before its turn comes.
        """
        websocket = self._websocket
        loop = asyncio.get_running_loop()
        async with self._turn:
            while websocket is not None and websocket is self._websocket:
                if wait := self._pace.take(now=loop.time()):
                    await asyncio.sleep(wait)
                    continue
                # What a cut swallows is said again after the next welcome.
                with contextlib.suppress(ConnectionClosed):
                    await websocket.send(data, text=True)
                return

    async def _say(self, name: str) -> None:
        data, future = self._pending.get(name, (b"", None))
        if self._websocket is None or future is None or future.done():
            return
        if len(data) > self._frame_bytes:
            # The server would close, and be told the same again, for ever.
            future.set_exception(
                RefusedError(
                    "too_large",
                    f"a frame of {len(data)} bytes; the limit is {self._frame_bytes}",
                )
            )
            return
        await self.say_in_turn(data)
