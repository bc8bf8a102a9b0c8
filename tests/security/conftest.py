"""A real server behind its doors: HTTP in memory, sockets on loopback."""

import asyncio
import contextlib
import json
import socket

import httpx2
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from goldenpath import Settings, WebSocketManager
from tests.asgi.conftest import Server, Talk, make_site, site
from tests.support.server import PASSWORD, make_users

# Fixtures of others, for the tests here.
__all__ = ["make_site", "site"]


async def echo(message, ctx):
    for word in message.split():
        yield word + " "


class Street:
    """Whatever can be reached on a port of this machine, by anybody."""

    base = ""
    open = Server.open

    def __init__(self, port):
        self.port = port
        self.http = httpx2.Client(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30
        )

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.http.close()

    def ask(self, method, path, body=None, **how):
        """Make one HTTP request, with no cookie but a given one."""
        self.http.cookies.clear()
        return self.http.request(method, path, json=body, **how)

    @contextlib.contextmanager
    def talking(self, **how):
        """Open a connection with whatever is given; to be entered."""
        # What is left unread at the end does not hold up the close.
        with self.open(max_queue=None, **how) as websocket:
            yield Talk(websocket)

    def refused(self, **how):
        """Return status and code with which a handshake is refused."""
        with pytest.raises(InvalidStatus) as caught, self.open(**how):
            pass
        response = caught.value.response
        return response.status_code, json.loads(response.body)["error"]["code"]


class Door(Street):
    """A server in this process, with the session tokens of the people whom it knows."""

    password = PASSWORD

    def __init__(self, data, tokens, manager):
        most = manager.settings.frame_bytes
        self.server = Server(manager.asgi(), ws_max_size=most)
        # Accepted sockets inherit it; otherwise each answer waits for 40 ms.
        self.server.listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        super().__init__(self.server.port)
        self.data = data
        self.tokens = tokens
        self.manager = manager
        self.url = self.server.url

    def __enter__(self):
        self.server.__enter__()
        return self

    def __exit__(self, *problem):
        super().__exit__(*problem)
        self.server.__exit__(*problem)

    def bearer(self, name="ada"):
        return {"Authorization": f"Bearer {self.tokens[name]}"}

    def cookie(self, name="ada"):
        return {"Cookie": f"goldenpath={self.tokens[name]}"}

    def new_session(self, name="ada"):
        """Log in once more; return the token."""
        body = {"name": name, "password": PASSWORD}
        response = self.ask("POST", "/login", body)
        assert response.status_code == 200, response.text
        return response.cookies["goldenpath"]

    def ticket(self, name="ada", **headers):
        response = self.ask(
            "POST", "/ws/ticket", {}, headers=self.bearer(name) | headers
        )
        assert response.status_code == 200, response.text
        return response.json()["ticket"]

    def talking_as(self, name, **how):
        """Open a connection with somebody's session; to be entered."""
        return self.talking(additional_headers=self.bearer(name), **how)


def closed(talk):
    """Read to the end and return the close code."""
    with pytest.raises(ConnectionClosed) as caught:  # noqa: PT012 - drains it
        while True:
            talk.websocket.recv(30)
    return caught.value.rcvd.code


@pytest.fixture
def make_door(tmp_path):
    """Start servers in this process, with people, agent and settings of one's own."""
    with contextlib.ExitStack() as stack:
        made = []

        def make(*names, agent=echo, **changes):
            data = tmp_path / f"data{len(made)}"
            tokens = asyncio.run(make_users(data, *(names or ("ada", "bob"))))
            settings = Settings(data=data, delta_every=0.0, **changes)
            manager = WebSocketManager(agent=agent, settings=settings)
            made.append(Door(data, tokens, manager))
            return stack.enter_context(made[-1])

        yield make


@pytest.fixture
def door(make_door):
    return make_door()
