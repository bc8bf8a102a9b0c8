"""What one WebSocket's peer is sent."""

from __future__ import annotations

import asyncio
import contextlib
from typing import cast

from picows import WSCloseCode, WSMsgType, WSTransport

from goldenpath.server._kernel import unsent_bytes
from goldenpath.server._limits import Limits

_REASON_BYTES = 123  # what a control frame holds, less its code
# Frames of one turn of the loop leave together, up to this.
_CORK_BYTES = 16 * 1024


class Outgoing:
    """Writes frames, and knows what has not left.

    Args:
        transport: Carries them.
        limits: How much may wait.
    """

    def __init__(self, transport: asyncio.Transport, limits: Limits) -> None:
        self._transport = transport
        self._loop = asyncio.get_running_loop()
        self._frames: WSTransport | None = None
        self._corked: list[bytes] = []
        self._corked_bytes = 0
        self._waiting: list[asyncio.Future[None]] = []
        self.has_room = True
        # Room is there as soon as it is: a reader may take seconds for a kilobyte.
        most = limits.write_bytes
        transport.set_write_buffer_limits(high=most, low=most)

    def open(self, frames: WSTransport) -> None:
        """Write from now on, by picows."""
        self._frames = frames

    def end(self) -> None:
        """Write nothing from now on: the last word was said, or nobody is there."""
        self._frames = None
        self._corked.clear()
        self._corked_bytes = 0
        self.resume()

    @property
    def buffered_bytes(self) -> int:
        """What was sent and has not left this machine."""
        return (
            self._corked_bytes
            + self._transport.get_write_buffer_size()
            + unsent_bytes(self._transport)
        )

    def send_nowait(self, frame: bytes) -> None:
        """Send a text message, together with others of this turn of the loop."""
        if not self._corked:
            self._loop.call_soon(self._flush)
        self._corked.append(frame)
        self._corked_bytes += len(frame)
        if self._corked_bytes >= _CORK_BYTES:
            self._flush()

    def send_bytes(self, message: bytes) -> None:
        """Send a binary message, after what is waiting."""
        self._flush()
        if self._frames is not None:
            self._frames.send(WSMsgType.BINARY, message)

    def close(self, code: int, reason: str) -> None:
        """Say the last word, after what is waiting."""
        self._flush()
        if self._frames is not None:
            short = reason.encode()[:_REASON_BYTES].decode(errors="ignore")
            # picows then says nothing more either, whatever it finds wrong.
            self._frames.send_close(cast("WSCloseCode", code), short)
        self.end()

    def pause(self) -> None:
        """Let senders wait."""
        self.has_room = False

    def resume(self) -> None:
        """Let them go on."""
        self.has_room = True
        waiting, self._waiting = self._waiting, []
        for room in waiting:
            if not room.done():
                room.set_result(None)

    async def wait_room(self) -> None:
        """Wait until the peer has taken enough, or nothing is written any more."""
        while not self.has_room and self._frames is not None:
            room = self._loop.create_future()
            self._waiting.append(room)
            try:
                await room
            finally:
                with contextlib.suppress(ValueError):
                    self._waiting.remove(room)

    def _flush(self) -> None:
        corked, self._corked = self._corked, []
        self._corked_bytes = 0
        # asyncio warns of whoever writes on and on to a peer that is gone.
        if not corked or self._frames is None or self._transport.is_closing():
            return
        if len(corked) == 1:
            self._frames.send(WSMsgType.TEXT, corked[0])
        else:
            self._transport.write(b"".join(_framed(corked)))


def _framed(frames: list[bytes]) -> list[bytes]:
    """Return text frames and their heads, in turn; RFC 6455, section 5.2."""
    pieces = []
    for frame in frames:
        size = len(frame)
        if size < 126:
            pieces.append(bytes((0x81, size)))
        elif size < 1 << 16:
            pieces.append(b"\x81\x7e" + size.to_bytes(2, "big"))
        else:
            pieces.append(b"\x81\x7f" + size.to_bytes(8, "big"))
        pieces.append(frame)
    return pieces
