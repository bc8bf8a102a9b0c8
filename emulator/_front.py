"""The front end: takes connections, finds instances for them, carries the bytes."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import socket
from http import HTTPStatus

from emulator._faults import Faults, Opening, Rule, always
from emulator._heads import AnswerHead, Head, HeadError, handed_on, read_head, refusal
from emulator._host import Host, NoInstanceError
from emulator._instance import Instance
from emulator._pipe import READ_BYTES, Pipe, farewell
from emulator._record import ConnectionRecord, Record
from emulator._settings import Platform
from emulator._timers import deadline

AFFINITY_COOKIE = "emulated_affinity"
_HEAD_WITHIN = 30.0
_NO_UPGRADE = (
    "upstream connect error or disconnect/reset before headers. "
    "reset reason: remote reset"
)


@dataclasses.dataclass(frozen=True, slots=True)
class _Arrival:
    """A request that has come: from whom, its bytes, what they say, and when."""

    client: socket.socket
    peer: str
    data: bytes
    head: Head
    at: float


class Front:
    """Listens on one port, for all instances.

    Args:
        host: Has the instances.
        record: Is told of every connection.
    """

    def __init__(self, host: Host, record: Record) -> None:
        self.port = 0
        self.rule: Rule = host.platform.rule or always(Faults())
        self.pipes: dict[int, Pipe] = {}
        self.changed = asyncio.Condition()
        self._host = host
        self._record = record
        self._connections = 0
        self._tasks: set[asyncio.Task[None]] = set()
        self._failures: list[BaseException] = []
        self._accepting: asyncio.Task[None] | None = None

    @property
    def _platform(self) -> Platform:
        return self._host.platform

    async def start(self, port: int) -> None:
        """Listen on a port of this machine; 0 takes a free one."""
        listening = socket.create_server(("127.0.0.1", port), backlog=1024)
        listening.settimeout(0)
        self.port = listening.getsockname()[1]
        self._accepting = asyncio.create_task(self._accept(listening))

    async def stop(self) -> None:
        """Cut all connections and listen no more."""
        tasks = [self._accepting] if self._accepting is not None else []
        tasks += self._tasks
        for task in tasks:
            task.cancel()
        await asyncio.gather(*tasks, return_exceptions=True)
        if self._failures:
            raise BaseExceptionGroup("the front end itself failed", self._failures)

    async def _accept(self, listening: socket.socket) -> None:
        with listening:
            while True:
                client, address = await asyncio.get_running_loop().sock_accept(
                    listening
                )
                task = asyncio.create_task(self._serve(client, address[0]))
                self._tasks.add(task)
                task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[None]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            self._failures.append(failure)

    async def _serve(self, client: socket.socket, peer: str) -> None:
        with client, contextlib.suppress(ConnectionError):
            client.settimeout(0)
            client.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            opened_at = asyncio.get_running_loop().time()
            try:
                async with asyncio.timeout(_HEAD_WITHIN):
                    head, data = await _read_head(client)
            except HeadError as error:
                await self._refuse(client, error.status, "")
                return
            except TimeoutError:
                return
            if self._platform.h2c and head.wants_upgrade:
                await self._refuse(client, 503, head.target, text=_NO_UPGRADE)
                return
            try:
                instance = await self._host.reserve(cookie=head.cookie(AFFINITY_COOKIE))
            except NoInstanceError as error:
                await self._refuse(client, error.status, head.target)
                return
            try:
                await self._carry(
                    _Arrival(client, peer, data, head, opened_at), instance
                )
            finally:
                await self._host.release(instance)

    async def _carry(self, arrival: _Arrival, instance: Instance) -> None:
        head = arrival.head
        with socket.socket() as server:
            server.settimeout(0)
            server.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            try:
                await asyncio.get_running_loop().sock_connect(
                    server, ("127.0.0.1", instance.port)
                )
            except OSError:
                await self._refuse(arrival.client, 503, head.target)
                return
            number = self._connections
            self._connections += 1
            self._record.note(
                "opened",
                connection=number,
                instance=instance.number,
                target=head.target,
                websocket=head.wants_upgrade,
            )
            pipe = Pipe(
                arrival.client,
                server,
                choose=lambda _: self.rule(Opening(number, arrival.data)),
                tap=ConnectionRecord(
                    self._record, connection=number, instance=instance.number
                ).passed,
                edit=AnswerHead(self._affinity(instance)).edit,
                ahead_bytes=self._platform.ahead_bytes,
                hidden_for=self._platform.hidden_for * self._platform.scale,
            )
            await self._run(number, pipe, arrival)

    async def _run(self, number: int, pipe: Pipe, arrival: _Arrival) -> None:
        trace = f"{self._host.dice.getrandbits(128):032x}"
        early = handed_on(
            arrival.head, peer=arrival.peer, trace=trace, strip=self._platform.strip
        )
        watching = asyncio.create_task(self._watch(pipe, arrival.at))
        self.pipes[number] = pipe
        await self._notify()
        try:
            await pipe.run(early + arrival.head.rest)
        finally:
            del self.pipes[number]
            has_cut = watching.done() and not watching.cancelled()
            why = watching.result() if has_cut else "ended"
            watching.cancel()
            self._record.note("closed", connection=number, why=why)
            await self._notify()

    async def _notify(self) -> None:
        async with self.changed:
            self.changed.notify_all()

    def _affinity(self, instance: Instance) -> bytes:
        if self._platform.affinity is None:
            return b""
        return f"set-cookie: {AFFINITY_COOKIE}={instance.number}; Path=/".encode()

    async def _watch(self, pipe: Pipe, opened_at: float) -> str:
        """Cut a connection when one of the host's limits says so; return which."""
        loop = asyncio.get_running_loop()
        while True:
            due = deadline(
                self._platform,
                opened_at=opened_at,
                heard_up=pipe.up.heard_at,
                heard_down=pipe.down.heard_at,
            )
            if due.at <= loop.time():
                pipe.cut(self._platform.request_cut)
                return due.why
            await asyncio.sleep(min(due.at - loop.time(), 3600.0))

    async def _refuse(
        self, client: socket.socket, status: int, target: str, *, text: str = ""
    ) -> None:
        self._record.note("refused", target=target, status=status)
        text = text or HTTPStatus(status).phrase
        answer = refusal(status, text, retry_after=1 if status in (429, 503) else None)
        await asyncio.get_running_loop().sock_sendall(client, answer)
        await farewell(client)


async def _read_head(client: socket.socket) -> tuple[Head, bytes]:
    """Return a request's head, and all bytes that came so far."""
    data = b""
    while (head := read_head(data)) is None:
        more = await asyncio.get_running_loop().sock_recv(client, READ_BYTES)
        if not more:
            raise ConnectionAbortedError
        data += more
    return head, data
