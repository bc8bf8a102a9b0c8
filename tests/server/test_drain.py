"""Stopping: nobody is cut off who could have been told, and it ends in time."""

import asyncio
import contextlib
import json
import signal
import socket
import threading
import time

import httpx2
import pytest

from goldenpath.errors import SettingsError
from goldenpath.server import Limits, Server
from goldenpath.server._server import bind
from tests.server.conftest import WITHIN, Echo
from tests.support.raw import TEXT, RawPeer, frame, handshake
from tests.support.server import ServerProcess, make_users

# What a host allows is ten seconds; this machine may be busy.
IN_TIME = 8.0


# Starting.


class Starting:
    """An application that is ready when it is told to be."""

    def __init__(self):
        self.may_start = threading.Event()
        self.has_stopped = False

    async def __call__(self, scope, receive, send):
        assert scope["type"] == "lifespan"
        await receive()
        await asyncio.to_thread(self.may_start.wait, WITHIN)
        await send({"type": "lifespan.startup.complete"})
        await receive()
        self.has_stopped = True
        await send({"type": "lifespan.shutdown.complete"})


async def nothing():
    pass


def test_f10_nobody_is_let_in_before_the_application_is_ready():
    app = Starting()
    ready = threading.Event()
    with bind("127.0.0.1", 0, Limits()) as bound:
        server = Server(app, drain=nothing, is_ready=ready.set)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]})
        thread.start()
        address = bound.getsockname()
        with pytest.raises(ConnectionRefusedError):
            socket.create_connection(address)
        app.may_start.set()
        assert ready.wait(WITHIN)
        socket.create_connection(address).close()
        server.should_exit = True
        thread.join(WITHIN)

    assert app.has_stopped


def test_an_address_that_somebody_else_took_meanwhile_is_named():
    """Between bind and listen another process may have done both."""
    app = Starting()
    app.may_start.set()
    with bind("127.0.0.1", 0, Limits()) as bound, socket.socket() as other:
        other.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        other.bind(bound.getsockname())
        other.listen()
        server = Server(app, drain=nothing)

        with pytest.raises(SettingsError, match=r"cannot listen(.|\n)*--port"):
            server.run(sockets=[bound])
    assert app.has_stopped


# Stopping, with small applications.


def test_f09_a_handshake_that_waits_for_its_answer_gets_503(serve):
    """Not 500, which says that trying again makes no sense."""

    async def undecided(_scope, receive, _send):
        await receive()
        await asyncio.Event().wait()

    serving = serve(undecided)
    with serving.peer() as peer:
        peer.send(handshake("h"))
        serving.scopes.get(timeout=WITHIN)
        serving.server.should_exit = True
        status, headers, _ = peer.read_head()
    serving.stop()  # while it is still looked at whether there are errors

    assert (status, headers["retry-after"]) == (503, "1")


def test_f09_half_a_handshake_gets_503(serve):
    serving = serve()
    with serving.peer() as peer:
        peer.send(handshake("h")[:40])
        serving.wait(lambda: any(c._has_begun() for c in serving.connections))
        serving.server.should_exit = True
        status, headers, _ = peer.read_head()

    assert (status, headers["retry-after"]) == (503, "1")


def test_f09_a_handshake_that_comes_too_late_gets_503(serve):
    serving = serve()
    with serving.peer() as peer, serving.peer() as silent:
        serving.wait(lambda: len(serving.connections) == 2)
        serving.server.should_exit = True
        serving.wait(lambda: all(c._is_refused for c in serving.connections))
        peer.send(handshake("h"))
        status, headers, _ = peer.read_head()

        assert (status, headers["retry-after"]) == (503, "1")
        assert silent.read_to_end() == b""


def test_an_open_connection_is_told_that_the_server_is_going(serve):
    """1001, and not 1012: the client's table knows what to do about it."""
    app = Echo()
    serving = serve(app)
    with serving.opened() as polite, serving.opened() as silent:
        serving.server.should_exit = True
        assert polite.read_close()[0] == 1001
        polite.close()
        assert silent.read_close()[0] == 1001
        began = time.monotonic()
        with pytest.raises(ConnectionError):
            silent.read_frame()
        assert time.monotonic() - began < IN_TIME


def test_an_answer_that_is_under_way_is_finished(serve):
    go = asyncio.Event()

    async def slow(_scope, _receive, send):
        await go.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    serving = serve(http=slow)
    with serving.peer() as peer:
        peer.send(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n")
        serving.scopes.get(timeout=WITHIN)
        serving.server.should_exit = True
        serving.wait(lambda: not serving.server.servers[0].is_serving())
        serving.call(go.set)

        assert peer.read_head()[0] == 204


# Stopping, with the product in a process of its own.


AGENTS = """
import asyncio, time

async def patient(message, ctx):
    yield "begun"
    await asyncio.sleep(float(message))
    yield " and done"

async def endless(message, ctx):
    for _ in range(100):
        yield 10_000 * "x"
    await asyncio.sleep(3600)

async def blocking(message, ctx):
    yield "begun"
    await asyncio.sleep(0.1)
    time.sleep(3600)
    yield "never"
"""


class Device:
    """A raw peer that has said hello, and does nothing that a test does not say."""

    def __init__(self, server, token, **how):
        self.peer = RawPeer(server.port, **how)
        bearer = [("Authorization", f"Bearer {token}")]
        status, _, _ = self.peer.open(headers=bearer)
        assert status == 101
        self.say("hello", device="test")
        self.next("welcome")

    def say(self, kind, **fields):
        self.peer.send(frame(json.dumps({"frame": kind, **fields})))

    def next(self, kind):
        while True:
            opcode, payload = self.peer.read_frame()
            assert opcode == TEXT, payload
            told = json.loads(payload)
            if told["frame"] == kind:
                return told

    def ask(self, text):
        self.say("send", id="1", client_message_id="m", text=text)
        thread = self.next("result")["thread"]
        self.follow(thread)
        return thread

    def follow(self, thread):
        self.say("subscribe", id="2", thread=thread, detail="all")

    def event(self, kind):
        while (told := self.next("event"))["event"]["type"] != kind:
            pass
        return told["event"]


@pytest.fixture
def product(tmp_path):
    """Start the product with an agent of the test's; no error may be left behind."""
    (tmp_path / "agents.py").write_text(AGENTS)
    tokens = asyncio.run(make_users(tmp_path, "ada"))
    servers = []
    with contextlib.ExitStack() as stack:

        def start(agent="tools"):
            server = ServerProcess(tmp_path, agent=agent)
            server.start()
            stack.callback(server.kill)
            servers.append(server)
            asyncio.run(server.wait_ready())
            return server, tokens["ada"]

        yield start
    assert [server.errors() for server in servers] == [[] for _ in servers]


def stopped(server, began):
    """Wait for its end; return its status and whether it came in time."""
    status = asyncio.run(server.wait_exit())
    return status, time.monotonic() - began < IN_TIME


@pytest.mark.process
def test_f09_f51_a_drain_tells_everybody_and_ends_in_time(product):
    """New handshakes are refused while the open connections still leave."""
    server, token = product()
    device = Device(server, token)
    half = RawPeer(server.port)
    half.send(handshake("h")[:-2])
    fresh = RawPeer(server.port)
    began = time.monotonic()
    server.send_signal(signal.SIGTERM)
    draining = device.next("draining")
    half.send(b"\r\n")
    fresh.send(handshake("h"))
    with RawPeer(server.port) as late:
        answers = [late.open(), half.read_head(), fresh.read_head()]
    code, _ = device.peer.read_close()
    for peer in (half, fresh, device.peer):
        peer.close()

    assert draining["reconnect_after"] > 0
    assert [status for status, _, _ in answers] == [503, 503, 503]
    assert all("retry-after" in headers for _, headers, _ in answers)
    assert code == 1001
    assert stopped(server, began) == (0, True)


@pytest.mark.process
def test_f51_a_run_may_end_and_its_end_is_seen(product):
    server, token = product("agents:patient")
    device = Device(server, token)
    device.ask("1")
    device.event("text_delta")
    began = time.monotonic()
    server.send_signal(signal.SIGTERM)
    device.next("draining")

    assert device.event("agent_completed")
    assert device.peer.read_close()[0] == 1001
    device.peer.close()
    assert stopped(server, began) == (0, True)


@pytest.mark.process
def test_f51_neither_a_long_run_nor_a_stuck_reader_delays_the_end(product):
    server, token = product("agents:endless")
    device = Device(server, token)
    thread = device.ask("x")
    stuck = Device(server, token, receive_buffer=4096)
    stuck.follow(thread)
    device.event("text_delta")
    began = time.monotonic()
    server.send_signal(signal.SIGTERM)
    assert stopped(server, began) == (0, True)
    device.peer.close()
    stuck.peer.close()

    again, token = product()
    history = httpx2.get(
        f"{again.url}/threads/{thread}/history",
        headers={"Authorization": f"Bearer {token}"},
        trust_env=False,
    ).json()
    kinds = [event["event"]["type"] for event in history["events"]]

    assert kinds[-1] == "agent_interrupted"
    assert kinds.count("agent_interrupted") == 1


@pytest.mark.process
def test_an_agent_that_stops_the_loop_does_not_stop_the_end(product):
    """Nothing that was acknowledged is lost: it is on disk."""
    server, token = product("agents:blocking")
    device = Device(server, token)
    device.ask("x")
    device.event("text_delta")
    began = time.monotonic()
    server.send_signal(signal.SIGTERM)
    status = asyncio.run(server.wait_exit())
    device.peer.close()

    assert status == 0
    assert time.monotonic() - began < IN_TIME + 2
    assert "cut short" in server.log()
