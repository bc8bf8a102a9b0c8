"""A whole server without sockets: real log, bus, runs and protocol, in memory."""

import asyncio
import time

from goldenpath.auth._identity import Identity
from goldenpath.buses._local import LocalBus
from goldenpath.connections._connection import Connection
from goldenpath.connections._registry import Registry
from goldenpath.connections._transport import PeerLostError
from goldenpath.errors import AuthError
from goldenpath.logs._sqlite import SQLiteLog
from goldenpath.protocol._codec import decode_server_frame, encode_frame
from goldenpath.protocol._cursor import thread_log
from goldenpath.protocol._frames import (
    ErrorFrame,
    EventFrame,
    Hello,
    Person,
    Result,
    Send,
    Snapshot,
    Welcome,
)
from goldenpath.protocol._replica import Applied, Replica
from goldenpath.runs._supervisor import Supervisor
from goldenpath.runs._threads import Threads

_LOST = object()


class House:
    """A small authenticator, as an application might bring its own."""

    def __init__(self):
        self.sessions = {}
        self.tickets = {}
        self.lasts = 3600.0
        self.delay = asyncio.Event()
        self.delay.set()
        self.failure = None
        self.asked = 0

    def open_session(self, user):
        handle = f"session-{user}-{len(self.sessions)}"
        self.sessions[handle] = Identity(
            user, user.title(), handle, time.time() + self.lasts, "cookie"
        )
        return self.sessions[handle]

    async def identify(self, credentials):
        raise AuthError("the gate asks this, not a connection")

    async def issue_ticket(self, identity, origin):
        ticket = f"ticket-{len(self.tickets)}"
        self.tickets[ticket] = (identity, origin)
        return ticket

    async def redeem_ticket(self, ticket, origin):
        await self.delay.wait()
        if self.failure is not None:
            raise self.failure
        identity, bound_to = self.tickets.pop(ticket, (None, None))
        if identity is None or bound_to != origin:
            raise AuthError("the ticket is worthless")
        return identity

    async def alive(self, handles):
        self.asked += 1
        await self.delay.wait()
        if self.failure is not None:
            raise self.failure
        return {handle for handle in handles if handle in self.sessions}

    async def name_of(self, user):
        return user.title()


class Wire:
    """A transport without a network; a peer may stop reading."""

    def __init__(self):
        self.incoming = asyncio.Queue()
        self.sent = []
        self.closed = None
        self.is_aborted = False
        self.buffered = 0
        self.reads = asyncio.Event()
        self.reads.set()
        self.moved = asyncio.Condition()

    async def receive(self):
        data = await self.incoming.get()
        if data is _LOST:
            raise PeerLostError("gone")
        return data

    async def send(self, frame):
        await self.reads.wait()
        assert self.closed is None, "sent after the close"
        self.sent.append(frame)
        async with self.moved:
            self.moved.notify_all()

    async def close(self, code, reason):
        await self.reads.wait()
        self.closed = (int(code), reason)
        async with self.moved:
            self.moved.notify_all()

    def abort(self):
        self.is_aborted = True
        self.incoming.put_nowait(_LOST)

    @property
    def buffered_bytes(self):
        return self.buffered


class Device:
    """The other end: applies what comes like any client, and never trusts it."""

    def __init__(self, world, wire, connection):
        self.world = world
        self.wire = wire
        self.connection = connection
        self.task = asyncio.create_task(connection.run())
        self.replicas = {}
        self._taken = 0
        self._requests = 0

    def put(self, frame):
        data = frame if isinstance(frame, str | bytes) else encode_frame(frame).decode()
        self.wire.incoming.put_nowait(data)

    def lose(self):
        self.wire.incoming.put_nowait(_LOST)

    @property
    def frames(self):
        return [decode_server_frame(data) for data in self.wire.sent]

    def of(self, kind):
        return [frame for frame in self.frames if isinstance(frame, kind)]

    def events(self, thread):
        log = thread_log(thread)
        return [frame for frame in self.of(EventFrame) if frame.log == log]

    async def until(self, is_true):
        async with asyncio.timeout(10), self.wire.moved:
            await self.wire.moved.wait_for(is_true)

    async def until_closed(self):
        async with asyncio.timeout(10):
            await asyncio.shield(self.task)
        return self.wire.closed[0] if self.wire.closed else None

    async def hello(self, **fields):
        self.put(Hello(device="phone", **fields))
        await self.until(lambda: self.of(Welcome) or self.wire.closed)
        return self.of(Welcome)[0]

    async def ask(self, kind, **fields):
        self._requests += 1
        name = f"r{self._requests}"
        self.put(kind(id=name, **fields))

        def answers():
            return [f for f in self.of(Result | ErrorFrame) if f.id == name]

        await self.until(answers)
        return answers()[0]

    async def send(self, text, **fields):
        fields.setdefault("client_message_id", f"m{self._requests}-{id(self)}")
        return await self.ask(Send, text=text, **fields)

    def replica(self, thread):
        """Fold what was sent so far; a repeated or missing event is an error."""
        replica = Replica(thread_log(thread))
        for frame in self.frames:
            if isinstance(frame, Snapshot) and frame.log == replica.log:
                replica.snapshot(frame)
            elif isinstance(frame, EventFrame) and frame.log == replica.log:
                assert replica.event(frame) is Applied.APPLIED, frame
        return replica


class World:
    def __init__(self, database, settings, agent, *, bus=None, house=None):
        self.settings = settings
        self.house = house or House()
        self.database = database
        self.log = SQLiteLog(database)
        self.bus = bus or LocalBus()
        self.registry = Registry(
            per_user=settings.connections_per_user,
            greeting=settings.greeting_at_once,
        )
        self.supervisor = Supervisor(
            log=self.log, bus=self.bus, agent=agent, settings=settings, who=self._who
        )
        self.threads = Threads(
            log=self.log,
            bus=self.bus,
            supervisor=self.supervisor,
            settings=settings,
        )
        self.devices = []

    async def _who(self, user):
        return Person(id=user, name=user.title())

    def connect(self, user="ada", *, origin=None, identity=None, log=None, bus=None):
        if identity is None and user is not None:
            identity = self.house.open_session(user)
        wire = Wire()
        connection = Connection(
            wire,
            identity=identity,
            origin=origin,
            authenticator=self.house,
            log=log or self.log,
            bus=bus or self.bus,
            threads=self.threads,
            registry=self.registry,
            settings=self.settings,
        )
        device = Device(self, wire, connection)
        self.devices.append(device)
        return device

    async def welcomed(self, user="ada", **fields):
        device = self.connect(user)
        await device.hello(**fields)
        return device

    async def wait_idle(self, user="ada"):
        """Wait until no run of a user is queued or under way."""
        async with asyncio.timeout(10):
            while True:
                threads, _ = await self.log.threads(user, before=None, limit=100)
                if not any(thread.is_running for thread in threads):
                    return
                await asyncio.sleep(0.002)

    async def close(self):
        for device in self.devices:
            device.wire.reads.set()
            device.lose()
        self.house.delay.set()
        async with asyncio.timeout(10):
            await asyncio.gather(*(device.task for device in self.devices))
        await self.supervisor.stop()


async def echo(message, ctx):
    for word in message.split():
        yield word + " "
