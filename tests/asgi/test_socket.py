"""A connection's socket keeps the same promise on both lanes.

The fast one is what our server offers beside ASGI; the plain one is ASGI alone, here
with uvicorn's own class.
"""

import asyncio
import queue
import threading
import time

import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.routing import WebSocketRoute

from goldenpath.asgi._socket import LANE, Socket
from goldenpath.connections._transport import PeerLostError
from goldenpath.server import Limits, Server
from goldenpath.server._server import bind
from tests.support.raw import BINARY, CLOSE, TEXT, RawPeer, frame

WITHIN = 30.0


class Accepted:
    """Sockets as they are accepted, and a way to use one where it lives."""

    def __init__(self, server, bound):
        self.sockets = queue.Queue()
        self.port = bound.getsockname()[1]
        self._server = server
        self._bound = bound
        self._thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})

    async def endpoint(self, websocket):
        await websocket.accept(subprotocol="goldenpath.v1")
        is_over = asyncio.Event()
        loop = asyncio.get_running_loop()
        self.sockets.put((Socket(websocket), is_over, loop))
        await is_over.wait()

    def start(self):
        self._thread.start()
        until = time.monotonic() + WITHIN
        while not self._server.started:
            assert time.monotonic() < until
            time.sleep(0.005)

    def stop(self):
        self._server.should_exit = True
        self._thread.join(WITHIN)
        assert not self._thread.is_alive()


class Pair:
    """A socket of the server's, and the raw peer that it belongs to."""

    def __init__(self, accepted, **how):
        self.peer = RawPeer(accepted.port, **how)
        assert self.peer.open()[0] == 101
        self.socket, self._is_over, self._loop = accepted.sockets.get(timeout=WITHIN)

    def run(self, coroutine):
        running = asyncio.run_coroutine_threadsafe(coroutine, self._loop)
        return running.result(WITHIN)

    def run_raising(self, coroutine):
        with pytest.raises(PeerLostError):
            self.run(coroutine)

    def close(self):
        self.peer.close()
        self._loop.call_soon_threadsafe(self._is_over.set)


async def send_until_it_waits(socket):
    sent = 0
    while True:
        try:
            async with asyncio.timeout(0.3):
                await socket.send(b"x" * 10_000)
        except TimeoutError:
            return sent
        sent += 10_000


@pytest.fixture(params=["fast", "plain"], scope="module")
def lane(request):
    return request.param


@pytest.fixture(scope="module")
def accepted(lane):
    async def endpoint(websocket):
        await made.endpoint(websocket)

    app = Starlette(routes=[WebSocketRoute("/ws", endpoint)])

    async def drain():
        pass

    bound = bind("127.0.0.1", 0, Limits())
    if lane == "fast":
        server = Server(app, drain=drain)
    else:
        server = uvicorn.Server(
            uvicorn.Config(app, ws="websockets-sansio", log_config=None)
        )
    made = Accepted(server, bound)
    made.start()
    yield made
    made.stop()


@pytest.fixture
def pair(accepted):
    made = Pair(accepted)
    yield made
    made.close()


class TestSocket:
    """What a connection relies on."""

    def test_it_takes_the_lane_that_there_is(self, pair, lane):
        offered = LANE in pair.socket._websocket.scope["extensions"]

        assert offered == (lane == "fast")

    def test_what_is_sent_arrives_in_order(self, pair):
        async def send():
            for n in range(100):
                await pair.socket.send(str(n).encode())

        pair.run(send())

        assert [pair.peer.read_frame() for _ in range(100)] == [
            (TEXT, str(n).encode()) for n in range(100)
        ]

    def test_what_comes_is_returned_as_it_was_sent(self, pair):
        pair.peer.send(frame("text") + frame(b"bytes", opcode=BINARY))

        assert pair.run(pair.socket.receive()) == "text"
        assert pair.run(pair.socket.receive()) == b"bytes"

    def test_a_peer_that_left_is_lost_to_a_reader(self, pair):
        pair.peer.send(frame("last"))
        pair.peer.reset()

        assert pair.run(pair.socket.receive()) == "last"
        pair.run_raising(pair.socket.receive())

    def test_a_peer_that_left_is_lost_to_a_sender(self, pair):
        pair.peer.reset()

        async def send():
            while True:
                await pair.socket.send(b"x")
                await asyncio.sleep(0.01)

        pair.run_raising(send())

    def test_a_peer_that_said_goodbye_is_lost_too(self, pair):
        pair.peer.send(frame(b"\x03\xe8", opcode=CLOSE))
        assert pair.peer.read_close()[0] == 1000

        pair.run_raising(pair.socket.receive())
        pair.run_raising(pair.socket.send(b"x"))

    def test_a_close_comes_after_what_was_sent(self, pair):
        async def end():
            await pair.socket.send(b"last")
            await pair.socket.close(4413, "behind")
            await pair.socket.close(1011, "again")

        pair.run(end())

        assert pair.peer.read_frame() == (TEXT, b"last")
        assert pair.peer.read_close() == (4413, "behind")

    def test_a_sender_waits_for_a_peer_that_does_not_read(self, accepted):
        pair = Pair(accepted, receive_buffer=4096)
        sent = pair.run(send_until_it_waits(pair.socket))
        buffered = pair.socket.buffered_bytes
        pair.peer.reset()
        pair.run_raising(pair.socket.send(b"x"))
        pair.close()

        assert sent < 300_000
        assert buffered in range(300_000)

    def test_a_sender_goes_on_when_the_peer_reads_again(self, accepted):
        pair = Pair(accepted, receive_buffer=4096)
        sent = pair.run(send_until_it_waits(pair.socket))
        going_on = asyncio.run_coroutine_threadsafe(
            pair.socket.send(b"and on"), pair._loop
        )
        received = []
        while received[-1:] != [b"and on"]:
            received.append(pair.peer.read_frame()[1])
        going_on.result(WITHIN)
        pair.close()

        assert len(received) >= sent // 10_000 + 1
        assert {len(payload) for payload in received} == {10_000, len(b"and on")}

    def test_an_abort_resets_where_the_server_can_do_it(self, pair, lane):
        pair.run(_call(pair.socket.abort))

        if lane == "fast":
            with pytest.raises(ConnectionResetError):
                pair.peer.read_frame()
            pair.run_raising(pair.socket.send(b"x"))
        else:
            pair.run(pair.socket.send(b"still here"))
            assert pair.peer.read_frame() == (TEXT, b"still here")

    def test_what_waits_is_known_where_the_server_knows_it(self, accepted, lane):
        pair = Pair(accepted, receive_buffer=4096)
        pair.run(send_until_it_waits(pair.socket))
        waiting = pair.run(_call(lambda: pair.socket.buffered_bytes))
        pair.close()

        assert waiting > 16 * 1024 if lane == "fast" else waiting == 0


async def _call(function):
    return function()
