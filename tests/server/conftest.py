"""A server in a thread of this process, small applications, and raw peers."""

import asyncio
import contextlib
import queue
import threading

import pytest

from goldenpath.server import Limits, Server
from goldenpath.server._server import bind
from tests.support.raw import RawPeer

WITHIN = 30.0


class Echo:
    """Accepts, returns what it gets, and notes down all that the last one is told."""

    def __init__(self, accept=None):
        self.heard = queue.Queue()
        self.accept = accept or {}

    async def __call__(self, scope, receive, send):
        heard = self.heard = queue.Queue()
        heard.put(await receive())
        await send({"type": "websocket.accept"} | self.accept)
        while True:
            message = await receive()
            heard.put(message)
            if message["type"] == "websocket.disconnect":
                return
            with contextlib.suppress(OSError):
                await send(message | {"type": "websocket.send"})

    def next(self):
        """Return what it was told next, but for the connect."""
        while (message := self.heard.get(timeout=WITHIN))["type"].endswith("connect"):
            if message["type"] == "websocket.disconnect":
                return message
        return message

    def ended(self):
        """Return how it was told that a connection is over."""
        while (message := self.next())["type"] != "websocket.disconnect":
            pass
        return message["code"], message["reason"]


async def hello(scope, receive, send):
    """Answer any HTTP request with its path and its body."""
    body = b""
    more = True
    while more:
        message = await receive()
        if message["type"] == "http.disconnect":
            return
        body += message["body"]
        more = message["more_body"]
    answer = scope["path"].encode() + b" " + body
    length = (b"content-length", str(len(answer)).encode())
    await send({"type": "http.response.start", "status": 200, "headers": [length]})
    await send({"type": "http.response.body", "body": answer})


def how_it_ends(peer):
    """Read until nothing more can be read; tell how the server ended it."""
    try:
        while peer.socket.recv(1 << 16):
            pass
    except ConnectionResetError:
        return "reset"
    return "closed"


class Serving:
    """A started server.

    Args:
        websocket: Gets what is a WebSocket.
        http: Gets all other requests.
        tls: What uvicorn needs for TLS.
        limits: Where they differ from the usual ones.
    """

    def __init__(self, websocket, http, *, tls=None, **limits):
        self.drained = threading.Event()
        self.scopes = queue.Queue()
        self.websocket = websocket
        limits = Limits(**limits)

        async def app(scope, receive, send):
            assert scope["type"] != "lifespan"
            self.scopes.put(scope)
            await (websocket if scope["type"] == "websocket" else http)(
                scope, receive, send
            )

        async def drain():
            self.drained.set()

        started = threading.Event()
        self._bound = bind("127.0.0.1", 0, limits)
        self.port = self._bound.getsockname()[1]
        self.server = Server(app, drain=drain, limits=limits, is_ready=started.set)
        self.server.config.lifespan = "off"
        for name, value in (tls or {}).items():
            setattr(self.server.config, name, value)
        self._thread = threading.Thread(
            target=self.server.run, kwargs={"sockets": [self._bound]}
        )
        self._thread.start()
        assert started.wait(WITHIN)

    @property
    def loop(self):
        return self.server._loop

    @property
    def connections(self):
        return self.server.server_state.connections

    def call(self, function, *arguments):
        """Call a function where the server runs; return what it returns."""

        async def call():
            return function(*arguments)

        return asyncio.run_coroutine_threadsafe(call(), self.loop).result(WITHIN)

    def wait(self, condition):
        """Wait until something is true where the server runs."""

        async def wait():
            async with asyncio.timeout(WITHIN):
                # It may be about anything, so nobody can wake this up.
                while not condition():  # noqa: ASYNC110
                    await asyncio.sleep(0.005)

        asyncio.run_coroutine_threadsafe(wait(), self.loop).result(WITHIN + 5)

    def peer(self, **how):
        """Return a TCP connection to it."""
        return RawPeer(self.port, **how)

    def opened(self, **how):
        """Return a WebSocket to it."""
        peer = self.peer(**how)
        status, _, _ = peer.open()
        assert status == 101
        return peer

    def stop(self):
        """Stop it as uvicorn does."""
        self.server.should_exit = True
        self._thread.join(WITHIN)
        assert not self._thread.is_alive()


@pytest.fixture
def serve():
    """Start servers that end with the test."""
    with contextlib.ExitStack() as stack:

        def serve(websocket=None, http=hello, **limits):
            serving = Serving(websocket or Echo(), http, **limits)
            stack.callback(serving.stop)
            return serving

        yield serve


@pytest.fixture(scope="module")
def echoing():
    """One server that returns what it gets, for tests that leave no trace in it."""
    serving = Serving(Echo(), hello)
    yield serving
    serving.stop()


@pytest.fixture(autouse=True)
def no_errors(caplog):
    """Whatever a peer does is no error of the server's: I9."""
    yield
    errors = [r for r in caplog.get_records("call") if r.levelname == "ERROR"]
    assert [r.getMessage() for r in errors] == []
