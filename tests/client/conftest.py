"""A real server in this process, a network that can break, and devices."""

import asyncio
import contextlib
import dataclasses
import socket
import time

import argon2
import pytest
import uvicorn
from websockets.asyncio.server import serve as serve_websockets

from goldenpath import Settings, WebSocketManager
from goldenpath.auth import Passwords, Users
from goldenpath.auth._sessions import Sessions
from goldenpath.client import Client, HTTPClient
from goldenpath.protocol import SUBPROTOCOL, Cursor
from goldenpath.protocol._codec import encode_frame
from goldenpath.protocol._frames import Limits, Person, Welcome
from goldenpath.storage import Database

PASSWORD = "a password for tests"


class Server:
    """The whole product on a loopback port; it can go away and come back."""

    def __init__(self, data, agent, changes):
        self.settings = dataclasses.replace(
            Settings(data=data, delta_every=0.0, cancel_within=0.2, drain_within=0.5),
            **changes,
        )
        self.agent = agent
        self.port = 0
        self.serving = None
        self.clients = []

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    async def start(self):
        self.manager = WebSocketManager(agent=self.agent, settings=self.settings)
        listening = socket.create_server(("127.0.0.1", self.port), backlog=512)
        self.port = listening.getsockname()[1]
        config = uvicorn.Config(
            self.manager.asgi(pages=False),
            ws="websockets-sansio",
            ws_ping_interval=None,
            log_config=None,
            timeout_graceful_shutdown=2,
        )
        self.uvicorn = uvicorn.Server(config)
        self.serving = asyncio.create_task(self.uvicorn.serve(sockets=[listening]))
        async with asyncio.timeout(10):
            # uvicorn has no event for it.
            while not self.uvicorn.started:  # noqa: ASYNC110
                await asyncio.sleep(0.002)

    async def stop(self):
        if self.serving is not None:
            await self.manager.drain()
            self.uvicorn.should_exit = True
            await self.serving
            self.serving = None

    async def add_user(self, name):
        cheap = Passwords(argon2.PasswordHasher(1, 8, 1))
        path = self.manager.database_path(self.settings.data)
        async with Database(path) as database:
            user = await Users(database, cheap).add(name, PASSWORD, now=time.time())
            sessions = Sessions(database, lasts=3600.0)
            opened = await sessions.create(
                user.id, password_hash=user.password_hash, now=time.time()
            )
        return opened[0]

    async def http(self, name="ada", *, url=None):
        """Return an HTTP client of a new user, or another one of a known user."""
        http = HTTPClient(url or self.url)
        known = [other for other in self.clients if other.name == name]
        http.token = known[0].token if known else await self.add_user(name)
        http.name = name
        self.clients.append(http)
        return http

    async def close(self):
        for http in self.clients:
            await http.close()
        await self.stop()


class Network:
    """A way to a server that can be cut, muted and interrupted."""

    def __init__(self):
        self.target = 0
        self.port = 0
        self.opened = 0
        self.reaches = asyncio.Event()
        self.reaches.set()
        self._writers = set()
        self._tasks = set()

    @property
    def url(self):
        return f"http://127.0.0.1:{self.port}"

    async def start(self, target):
        self.target = target
        self._server = await asyncio.start_server(self._accepted, "127.0.0.1", 0)
        self.port = self._server.sockets[0].getsockname()[1]

    def cut(self):
        """Break all connections; what was on its way is gone."""
        for writer in tuple(self._writers):
            writer.transport.abort()

    async def close(self):
        self.cut()
        for task in tuple(self._tasks):
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._server.close()
        await self._server.wait_closed()

    async def _accepted(self, reader, writer):
        self._tasks.add(asyncio.current_task())
        self.opened += 1
        self._writers.add(writer)
        with contextlib.suppress(OSError):
            up_reader, up_writer = await asyncio.open_connection(
                "127.0.0.1", self.target
            )
            self._writers.add(up_writer)
            both = (
                self._relay(reader, up_writer, None),
                self._relay(up_reader, writer, self.reaches),
            )
            await asyncio.gather(*both)
        writer.close()

    async def _relay(self, reader, writer, gate):
        with contextlib.suppress(OSError):
            while data := await reader.read(65536):
                if gate is not None:
                    await gate.wait()
                writer.write(data)
                await writer.drain()
        writer.close()


async def echo(message, ctx):
    for word in message.split(" "):
        yield word + " "


@pytest.fixture
async def serve(tmp_path):
    """Start servers with an agent and settings of one's own."""
    servers = []

    async def start(agent=echo, **changes):
        server = Server(tmp_path / f"data{len(servers)}", agent, changes)
        servers.append(server)
        await server.start()
        return server

    yield start
    for server in servers:
        await server.close()


@pytest.fixture
async def network():
    network = Network()
    yield network
    await network.close()


@pytest.fixture
async def connect():
    """Start devices that come back quickly; no task of theirs outlives the test."""
    clients = []

    async def start(http, *, live=True, **options):
        client = Client(http, back_off_most=0.02, **options)
        client.start()
        clients.append(client)
        if live:
            async with asyncio.timeout(10):
                await client.wait_live()
        return client

    yield start
    for client in clients:
        await client.stop()


@pytest.fixture
async def peer():
    """Start a server that says what a test tells it to, in place of ours."""
    servers = []

    async def start(handler, *, refuses=()):
        statuses = list(refuses)

        def choose(_connection, _offered):
            return SUBPROTOCOL

        def refuse(connection, _request):
            return connection.respond(statuses.pop(0), "") if statuses else None

        server = await serve_websockets(
            handler,
            "127.0.0.1",
            0,
            select_subprotocol=choose,
            process_request=refuse,
            close_timeout=0.1,
        )
        servers.append(server)
        http = HTTPClient(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}")
        http.token = "any"
        return http

    yield start
    for server in servers:
        server.close()
        await server.wait_closed()


@pytest.fixture
def welcome():
    """Return a welcome, encoded, with whatever is to be said differently."""

    def make(**changes):
        fields = {
            "connection": "c",
            "user": Person(id="u", name="ada"),
            "log": "user:u",
            "cursors": {"user:u": Cursor("e", "i", 0)},
            "heartbeat_every": 20.0,
            "silent_after": 45.0,
            "limits": Limits(
                frame_bytes=1000,
                message_bytes=1000,
                frames_per_second=1000.0,
                frames_burst=1000,
            ),
            "expires_in": 3600.0,
            "server_time": 0.0,
        }
        return encode_frame(Welcome(**{**fields, **changes})).decode()

    return make
