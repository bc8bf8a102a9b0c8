"""A TCP proxy on loopback that mistreats bytes, in front of any port."""

from __future__ import annotations

import asyncio
import socket
from typing import Self

from emulator._faults import Cut, Direction, Faults, Opening, Rule, always
from emulator._pipe import READ_BYTES, Pipe, Tap


class FaultProxy:
    """Carries connections to a port, with faults by rule.

    ::

        async with FaultProxy(port, Faults(down=Way(cut_after=300))) as proxy:
            HTTPClient(proxy.url)  # and so on, through it
            proxy.rule = always(Faults())  # for connections from now on

    Args:
        port: The server's, on loopback; the attribute ``target`` can be set to another
            one, for connections from then on.
        rule: Chooses the faults of each connection; ``Faults`` means the same for all.
        buffer_bytes: Size of the kernel's buffers of each socket, and of what is read
            ahead: few bytes make a stalled reader felt early. None leaves them alone.
        hidden_for: Seconds for which the server is not told that a client is gone.
        tap: Sees the bytes that were passed on, with their direction.
    """

    def __init__(
        self,
        port: int,
        rule: Rule | Faults | None = None,
        *,
        buffer_bytes: int | None = None,
        hidden_for: float = 0.0,
        tap: Tap = lambda _direction, _data: None,
    ) -> None:
        self.port = 0
        self.pipes: list[Pipe] = []
        self.rule = always(rule or Faults()) if not callable(rule) else rule
        self.target = port
        self._buffer_bytes = buffer_bytes
        self._ahead_bytes = buffer_bytes or READ_BYTES
        self._hidden_for = hidden_for
        self._tap = tap
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures: list[BaseException] = []
        self._accepting: asyncio.Task[None] | None = None

    @property
    def url(self) -> str:
        """Where it listens."""
        return f"http://127.0.0.1:{self.port}"

    async def __aenter__(self) -> Self:
        listening = socket.create_server(("127.0.0.1", 0), backlog=1024)
        # What is accepted inherits it, and a window is agreed on in the handshake.
        self._set_buffers(listening)
        listening.settimeout(0)
        self.port = listening.getsockname()[1]
        self._accepting = asyncio.create_task(self._accept(listening))
        return self

    async def __aexit__(self, *_: object) -> None:
        assert self._accepting is not None
        for task in (self._accepting, *self._tasks):
            task.cancel()
        await asyncio.gather(self._accepting, *self._tasks, return_exceptions=True)
        if self._failures:
            raise BaseExceptionGroup("the proxy itself failed", self._failures)

    @property
    def open_pipes(self) -> list[Pipe]:
        """The connections that are carried now."""
        return [pipe for pipe in self.pipes if not pipe.has_ended]

    def cut(self, how: Cut = "rst") -> None:
        """End all connections that are carried now."""
        for pipe in self.open_pipes:
            pipe.cut(how)

    def stall(self, direction: Direction) -> None:
        """Let nothing pass in a direction, on all connections carried now."""
        for pipe in self.open_pipes:
            pipe.stall(direction)

    def release(self, direction: Direction) -> None:
        """Let bytes pass again."""
        for pipe in self.open_pipes:
            pipe.release(direction)

    async def wait_opened(self, count: int, *, within: float = 30.0) -> None:
        """Wait until so many connections have been opened, in all."""
        async with asyncio.timeout(within), self._changed:
            await self._changed.wait_for(lambda: len(self.pipes) >= count)

    async def _accept(self, listening: socket.socket) -> None:
        loop = asyncio.get_running_loop()
        with listening:
            while True:
                client, _ = await loop.sock_accept(listening)
                task = asyncio.create_task(self._carry(client))
                self._tasks.add(task)
                task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            self._failures.append(failure)

    async def _carry(self, client: socket.socket) -> None:
        with client, socket.socket() as server:
            self._set_buffers(server)
            for sock in (client, server):
                sock.settimeout(0)
                # Pieces shall arrive as pieces.
                sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                address = ("127.0.0.1", self.target)
                await asyncio.get_running_loop().sock_connect(server, address)
            except OSError:
                return
            number = len(self.pipes)
            pipe = Pipe(
                client,
                server,
                choose=lambda head: self.rule(Opening(number, head)),
                tap=self._tap,
                hidden_for=self._hidden_for,
                ahead_bytes=self._ahead_bytes,
            )
            async with self._changed:
                self.pipes.append(pipe)
                self._changed.notify_all()
            await pipe.run()

    def _set_buffers(self, sock: socket.socket) -> None:
        if self._buffer_bytes is not None:
            for option in (socket.SO_RCVBUF, socket.SO_SNDBUF):
                sock.setsockopt(socket.SOL_SOCKET, option, self._buffer_bytes)
