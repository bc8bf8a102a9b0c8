"""Servers to talk to: in memory for HTTP, on a free loopback port for WebSockets."""

import asyncio
import contextlib
import json
import socket
import threading
import time

import argon2
import httpx2
import pytest
import uvicorn
from websockets.sync.client import connect

from goldenpath._manager import WebSocketManager
from goldenpath._settings import Settings
from goldenpath.auth._passwords import Passwords
from goldenpath.auth._users import Users
from goldenpath.storage._sqlite import Database

PASSWORD = "correct horse"
CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


async def echo(message, ctx):
    for word in message.split():
        yield word + " "


async def add_users(data, *names):
    async with Database(WebSocketManager.database_path(data)) as database:
        users = Users(database, Passwords(CHEAP))
        for name in names:
            await users.add(name, PASSWORD, now=time.time())


class Site:
    """A started manager and browsers for it, without a socket."""

    def __init__(self, manager, app):
        self.manager = manager
        self.app = app

    def browser(self, *, origin="http://chat.test", address="192.0.2.1", **headers):
        if origin is not None:
            headers["Origin"] = origin
        return httpx2.AsyncClient(
            transport=httpx2.ASGITransport(self.app, client=(address, 1234)),
            base_url=headers.pop("base_url", "http://chat.test"),
            headers=headers,
        )

    @contextlib.asynccontextmanager
    async def logged_in(self, name="ada", **how):
        async with self.browser(**how) as browser:
            response = await browser.post(
                "/login", json={"name": name, "password": PASSWORD}
            )
            assert response.status_code == 200, response.text
            yield browser


@pytest.fixture
async def make_site(tmp_path):
    async with contextlib.AsyncExitStack() as stack:

        async def make(*, authenticator=None, agent=echo, **changes):
            settings = Settings(data=tmp_path, delta_every=0.0, **changes)
            if authenticator is None:
                await add_users(tmp_path, "ada", "bob")
            manager = WebSocketManager(
                agent=agent, settings=settings, authenticator=authenticator
            )
            app = manager.asgi()
            await stack.enter_async_context(manager)
            return Site(manager, app)

        yield make


@pytest.fixture
async def site(make_site):
    return await make_site()


class Server:
    """An application behind a real uvicorn, in a thread with a loop of its own."""

    def __init__(self, app, *, base="", **config):
        self.listening = socket.create_server(("127.0.0.1", 0))
        self.port = self.listening.getsockname()[1]
        self.base = base
        self.url = f"http://127.0.0.1:{self.port}"
        self.uvicorn = uvicorn.Server(
            uvicorn.Config(
                app,
                ws="websockets-sansio",
                ws_ping_interval=None,
                log_config=None,
                timeout_graceful_shutdown=2,
                **config,
            )
        )
        self.thread = threading.Thread(
            target=self.uvicorn.run, kwargs={"sockets": [self.listening]}
        )

    def __enter__(self):
        self.thread.start()
        deadline = time.monotonic() + 10
        while time.monotonic() < deadline and not self.uvicorn.started:
            assert self.thread.is_alive(), "the server did not start"
            time.sleep(0.005)
        return self

    def __exit__(self, *_):
        self.uvicorn.should_exit = True
        self.thread.join(10)
        self.listening.close()

    def login(self, name="ada"):
        """Return a new session's token."""
        response = httpx2.post(
            f"{self.url}{self.base}/login",
            json={"name": name, "password": PASSWORD},
            trust_env=False,
        )
        assert response.status_code == 200, response.text
        return response.cookies["goldenpath"]

    def open(self, *, path="/ws", subprotocols=("goldenpath.v1",), **how):
        return connect(
            f"ws://127.0.0.1:{self.port}{self.base}{path}",
            subprotocols=subprotocols,
            compression=None,
            proxy=None,
            open_timeout=10,
            close_timeout=5,
            max_size=2**24,
            **how,
        )


class Talk:
    """Frames over a WebSocket, as plain JSON."""

    def __init__(self, websocket):
        self.websocket = websocket

    def put(self, frame, **fields):
        self.websocket.send(json.dumps({"frame": frame, **fields}))

    def take(self, kind, **fields):
        """Return the next frame of a kind, dropping others."""
        while True:
            frame = json.loads(self.websocket.recv(10))
            if frame["frame"] == kind and fields.items() <= frame.items():
                return frame

    def hello(self, **fields):
        self.put("hello", device="phone", **fields)
        return self.take("welcome")


@pytest.fixture(scope="session")
def talk():
    return Talk


@pytest.fixture(scope="session")
def serving():
    return Server


@pytest.fixture(scope="session")
def add_people():
    def add(data, *names):
        asyncio.run(add_users(data, *names))

    return add


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    data = tmp_path_factory.mktemp("data")
    asyncio.run(add_users(data, "ada", "bob"))
    settings = Settings(data=data, delta_every=0.0, hello_within=2.0)
    manager = WebSocketManager(agent=echo, settings=settings)
    with Server(manager.asgi(), ws_max_size=settings.frame_bytes) as server:
        server.manager = manager
        yield server
