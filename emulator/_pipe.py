"""Two sockets joined: what is read from one is written to the other.

Rule 1: a byte that was read is written, unless a fault says otherwise or a side is
        gone; the end of one direction is passed on and leaves the other direction open.
Rule 2: at most ``ahead_bytes`` are read ahead of a reader that does not read, so
        that its back-pressure reaches the writer.
"""

from __future__ import annotations

import asyncio
import contextlib
import random
import socket
import struct
from collections.abc import Callable
from typing import Literal

from emulator._faults import NEVER, Cut, Direction, Faults, Passage, Way

READ_BYTES = 64 * 1024
# How long a side that was told goodbye may take to say it too.
_FAREWELL_WITHIN = 5.0
# A frame of 100 bytes of text that ends after two: no peer can take it for a whole.
_TORN_FRAME = b"\x81\x64{"

Tap = Callable[[Direction, bytes], None]
_Ending = Cut | Literal["hidden", "ended"]
Choose = Callable[[bytes], Faults]


class Flow:
    """One direction of a pipe.

    Attributes:
        passage: Decides when bytes go on.
        source: Where they are read.
        sink: Where they are written.
        heard_at: When the last byte came, on the loop's clock.
        has_ended: Whether the source has said that no more will come.
    """

    def __init__(
        self,
        source: socket.socket,
        sink: socket.socket,
        *,
        ahead_bytes: int,
        tells_end: bool = True,
    ) -> None:
        self.source = source
        self.sink = sink
        self.passage = Passage(Way(), random.Random(0))  # noqa: S311 - draws nothing
        self.has_ended = False
        self.heard_at = asyncio.get_running_loop().time()
        self._ahead_bytes = ahead_bytes
        self._tells_end = tells_end
        self._changed = asyncio.Event()

    def begin(self, way: Way, dice: random.Random) -> None:
        """Treat bytes in this way from now on; none may have been taken yet."""
        was_stalled = self.passage.is_stalled
        self.passage = Passage(way, dice)
        if was_stalled:
            self.passage.stall()

    def stall(self) -> None:
        """Let nothing pass from now on."""
        self.passage.stall()
        self._changed.set()

    def release(self) -> None:
        """End a stall."""
        self.passage.release()
        self._changed.set()

    async def read(self, came: Callable[[bytes], bytes]) -> None:
        """Read until the end; ``came`` says what goes on instead of what came."""
        loop = asyncio.get_running_loop()
        while True:
            while self.passage.held_bytes >= self._ahead_bytes:
                await self._wait_change(NEVER)
            try:
                data = await loop.sock_recv(self.source, READ_BYTES)
            except OSError:
                self._end()
                raise
            self.heard_at = loop.time()
            if data:
                # First: it may decide on another passage.
                data = came(data)
                self.passage.take(data, now=self.heard_at)
                self._changed.set()
            else:
                self._end()
                return

    async def write(self, passed: Callable[[bytes], None]) -> None:
        """Write what may go on, until the end or until as much has passed as may."""
        loop = asyncio.get_running_loop()
        while not self.passage.is_cut:
            for piece in self.passage.leave(now=loop.time()):
                await loop.sock_sendall(self.sink, piece)
                passed(piece)
                # Many small pieces shall not keep the others waiting.
                await asyncio.sleep(0)
            self._changed.set()
            if self.has_ended and not self.passage.held_bytes:
                if self._tells_end:
                    with contextlib.suppress(OSError):
                        self.sink.shutdown(socket.SHUT_WR)
                return
            if not self.passage.is_cut:
                await self._wait_change(self.passage.next_at())

    def _end(self) -> None:
        self.has_ended = True
        self._changed.set()

    async def _wait_change(self, until: float) -> None:
        """Wait until a moment, or until there may be something to do."""
        self._changed.clear()
        # What happened before the line above was seen by the caller's condition.
        loop = asyncio.get_running_loop()
        if until <= loop.time():
            await asyncio.sleep(0)
            return
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout_at(None if until == NEVER else until):
                await self._changed.wait()


class Pipe:
    """A client's socket and a server's, joined until one of them ends.

    Args:
        client: Connected; the pipe closes it.
        server: Connected; the pipe closes it.
        choose: Returns the faults, given the first bytes from the client.
        tap: Sees the bytes that were passed on.
        edit: Returns what goes on instead of bytes that came from the server.
        ahead_bytes: How far the server is read ahead of the client, and the reverse.
        hidden_for: Seconds for which the server is not told that the client is gone,
            and goes on being read.
    """

    def __init__(
        self,
        client: socket.socket,
        server: socket.socket,
        *,
        choose: Choose,
        tap: Tap = lambda _direction, _data: None,
        edit: Callable[[bytes], bytes] = lambda data: data,
        ahead_bytes: int = READ_BYTES,
        hidden_for: float = 0.0,
    ) -> None:
        self.up = Flow(
            client, server, ahead_bytes=ahead_bytes, tells_end=not hidden_for
        )
        self.down = Flow(server, client, ahead_bytes=ahead_bytes)
        self.faults: Faults | None = None
        self._client = client
        self._server = server
        self._choose = choose
        self._tap = tap
        self._edit = edit
        self._hidden_for = hidden_for
        self.has_ended = False
        self._cut: asyncio.Future[Cut] = asyncio.get_running_loop().create_future()

    def stall(self, direction: Direction) -> None:
        """Let nothing pass in a direction until it is released."""
        getattr(self, direction).stall()

    def release(self, direction: Direction) -> None:
        """Let bytes pass again."""
        getattr(self, direction).release()

    def cut(self, how: Cut = "rst") -> None:
        """End it as a network would; the first cut counts."""
        if not self._cut.done():
            self._cut.set_result(how)

    async def run(self, early: bytes = b"") -> None:
        """Carry bytes until the end, and close both sockets.

        Args:
            early: What was read from the client already and belongs to the server.
        """
        if early:
            early = self._came(early)
            self.up.passage.take(early, now=asyncio.get_running_loop().time())
        try:
            await self._end(await self._carry())
        finally:
            self.has_ended = True
            self._client.close()
            self._server.close()

    async def _carry(self) -> _Ending:
        tasks = [
            asyncio.create_task(self.up.read(self._came)),
            asyncio.create_task(self.down.read(self._edit)),
            asyncio.create_task(self.up.write(lambda data: self._tap("up", data))),
            asyncio.create_task(self.down.write(lambda data: self._tap("down", data))),
        ]
        try:
            how = await self._until_end(*tasks)
            if how == "hidden":
                # What the client said last is still delivered.
                await asyncio.wait([tasks[2]], timeout=self._hidden_for)
            return how
        finally:
            # Before a socket is closed, or read by somebody else.
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)

    async def _until_end(
        self,
        up_read: asyncio.Task[None],
        down_read: asyncio.Task[None],
        up_write: asyncio.Task[None],
        down_write: asyncio.Task[None],
    ) -> _Ending:
        pending: set[asyncio.Future[None] | asyncio.Future[Cut]]
        pending = {up_read, down_read, up_write, down_write, self._cut}
        while True:
            done, pending = await asyncio.wait(
                pending, return_when=asyncio.FIRST_COMPLETED
            )
            if self._cut in done:
                return self._cut.result()
            failed = {task for task in done if task.exception() is not None}
            if self._hidden_for and (up_read in done or down_write in failed):
                return "hidden"
            if failed:
                # One side is gone: the other is told in the same way.
                return "rst"
            if self.up.passage.is_cut or self.down.passage.is_cut:
                assert self.faults is not None
                return self.faults.cut
            if up_write.done() and down_write.done():
                return "ended"

    def _came(self, data: bytes) -> bytes:
        if self.faults is None:
            self.faults = self._choose(data)
            dice = random.Random(data)  # noqa: S311 - the same for the same bytes
            self.up.begin(self.faults.up, dice)
            self.down.begin(self.faults.down, dice)
            if self.faults.cut_within is not None:
                loop = asyncio.get_running_loop()
                loop.call_later(self.faults.cut_within, self.cut, self.faults.cut)
        return data

    async def _end(self, how: _Ending) -> None:
        match how:
            case "hidden":
                with contextlib.suppress(TimeoutError, OSError):
                    async with asyncio.timeout(self._hidden_for):
                        await _drain(self._server)
                reset(self._server)
            case "rst":
                reset(self._client)
                reset(self._server)
            case "fin":
                await asyncio.gather(farewell(self._client), farewell(self._server))
            case "torn":
                with contextlib.suppress(OSError):
                    self._client.send(_TORN_FRAME)
                await farewell(self._client)
                with contextlib.suppress(OSError):
                    await _drain(self._server)


def reset(sock: socket.socket) -> None:
    """Close a socket so that its peer sees a reset."""
    with contextlib.suppress(OSError):
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


async def farewell(sock: socket.socket) -> None:
    """Say that no more will come, and wait a little for the same from the peer.

    A socket that is closed with bytes unread would send a reset instead.
    """
    with contextlib.suppress(TimeoutError, OSError):
        sock.shutdown(socket.SHUT_WR)
        async with asyncio.timeout(_FAREWELL_WITHIN):
            await _drain(sock)


async def _drain(sock: socket.socket) -> None:
    loop = asyncio.get_running_loop()
    while await loop.sock_recv(sock, READ_BYTES):
        pass
