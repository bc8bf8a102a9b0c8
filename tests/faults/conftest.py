"""Servers with troubles, peers that are no clients, and what was logged meanwhile."""

import asyncio
import contextlib
import itertools
import json
import re
import signal
import sys
import time
from pathlib import Path

import pytest

from goldenpath.protocol import thread_log
from tests.faults.moods import counted
from tests.faults.scene import PATIENCE, Device, Scene
from tests.support.raw import CLOSE, RawPeer, frame, handshake
from tests.support.server import ServerProcess, make_users

ROOT = Path(__file__).parents[2]
_TROUBLED = Path(__file__).with_name("troubled.py")
AGENT = "tests.faults.agents:agent"
PEOPLE = ("ann", "bob", "eve")


def wait_until(is_true, what):
    """Look again and again, at what nobody tells."""
    deadline = time.monotonic() + PATIENCE
    while not is_true():
        assert time.monotonic() < deadline, f"waited in vain until {what}"
        time.sleep(0.02)


class TroubledServer(ServerProcess):
    """A server process that can be given troubles; see ``troubled.py``.

    Args:
        data: Its folder.
        settings: Where they differ from the usual ones.
        limits: Likewise, of the server.
        forgiven: Seconds for which verdicts wait after it stood still; None means
            as many as usual.
        more: For :class:`ServerProcess`.
    """

    def __init__(self, data, *, settings=None, limits=None, forgiven=None, **more):
        super().__init__(data, **{"agent": AGENT, "folder": ROOT} | more)
        changes = {"settings": settings or {}, "limits": limits or {}}
        changes["forgiven"] = forgiven
        self._program = (str(_TROUBLED), json.dumps(changes))
        self.tokens = {}
        self.expected = ()
        self.idle = {}

    def command(self, port):
        """Return what runs it on a port of somebody else's choice."""
        return (
            sys.executable, *self._program, "serve", "--data", str(self.data),
            "--port", port, "--agent", self._agent, "--log-level", "warning",
        )  # fmt: skip

    def trouble(self, **what):
        """Make these troubles, and end all others."""
        partial = self.data / "trouble.partial"
        partial.write_text(json.dumps(what))
        partial.rename(self.data / "trouble.json")

    def is_starting(self):
        """Tell whether its application has begun to start."""
        return (self.data / "is_starting").exists()

    def census(self):
        """Return what is in the process now."""
        written = self.data / "census.json"
        written.unlink(missing_ok=True)
        self.send_signal(signal.SIGUSR1)
        wait_until(written.exists, "the census is written")
        return json.loads(written.read_text())

    def wait_census(self, **expected):
        """Wait until the process holds just this."""
        wait_until(
            lambda: expected.items() <= self.census().items(), f"there is {expected}"
        )

    def wait_idle(self):
        """Wait until it holds nothing that it did not hold when it had started."""
        self.wait_census(**self.idle)

    @property
    def resident_bytes(self):
        """How much memory it has, and how much it once had."""
        text = Path(f"/proc/{self.process.pid}/status").read_text()
        lines = dict(line.split(":", 1) for line in text.splitlines())
        return tuple(int(lines[name].split()[0]) * 1024 for name in ("VmRSS", "VmHWM"))

    def peer(self, name, *, receive_buffer=None, **hello):
        """Return a peer that somebody's token let in, and that was said welcome."""
        token = self.tokens[name]
        peer = Peer(self.port, token=token, receive_buffer=receive_buffer)
        assert peer.open()[0] == 101
        peer.say("hello", device=f"{name}'s", **hello)
        peer.hear("welcome")
        return peer


class Peer(RawPeer):
    """A raw peer that speaks frames.

    Args:
        port: Where the server listens.
        token: Proves who it is, in a header; None for nobody.
        how: For :class:`RawPeer`.
    """

    def __init__(self, port, *, token=None, **how):
        super().__init__(port, **{"within": PATIENCE} | how)
        self.headers = [("Authorization", f"Bearer {token}")] if token else []
        self.heard = []
        self.skipped = []

    def ask(self, **how):
        """Send a handshake."""
        self.send(self.handshake(**how))

    def handshake(self, **how):
        """Return the handshake."""
        return handshake("127.0.0.1", headers=self.headers, **how)

    def open(self, **how):
        """Shake hands; return the status, the headers and an error's body."""
        self.ask(**how)
        return self.read_head()

    def say(self, kind, **fields):
        """Send a frame."""
        self.send(said(kind, **fields))

    def hear(self, *kinds):
        """Return the next frame that is of one of these kinds; answer pings."""
        while True:
            opcode, payload = self.read_frame()
            assert opcode != CLOSE, payload
            found = json.loads(payload)
            self.heard.append(found)
            if found["frame"] == "ping":
                self.say("pong")
            if found["frame"] in kinds:
                return found

    def request(self, kind, **fields):
        """Ask for something; return the answer."""
        name = f"r{len(self.heard)}"
        self.say(kind, id=name, **fields)
        while (found := self.hear("result", "error")).get("id") != name:
            pass
        return found

    def read_close(self):
        """Keep what comes until the close frame; return its code and reason."""
        while True:
            opcode, payload = self.read_frame()
            if opcode == CLOSE:
                code = int.from_bytes(payload[:2], "big") if payload else 1005
                return code, payload[2:].decode()
            self.skipped.append(payload)

    def read_to_end_or_reset(self):
        """Read until there is nothing more to read, however that comes about."""
        with contextlib.suppress(ConnectionError):
            while self.socket.recv(1 << 16):
                pass

    def is_served(self):
        """Tell whether a request is answered."""
        found = self.request("subscribe", thread="none")
        return found["frame"] == "error" and found["code"] == "not_found"


_names = itertools.count(1)


def new_name():
    """Return a name that no message has."""
    return f"message{next(_names)}"


def said(kind, **fields):
    """Return a frame as a client sends it."""
    return frame(json.dumps({"frame": kind, **fields}))


class TroubledScene(Scene):
    """A scene whose server has troubles."""

    def __init__(self, folder, *people, agent=AGENT, **server):
        super().__init__(folder, *people, agent=agent, **server)

    def another_server(self, *, agent=AGENT, **server):
        """Return a process on the same data that was not started."""
        made = TroubledServer(self.data, agent=agent, **server)
        # A process that dies shall not take its log with it.
        made.log_path = self.data.parent / f"stderr-{made.port}.txt"
        self.__dict__.setdefault("_servers", []).append(made)
        return made

    async def __aenter__(self):
        await super().__aenter__()
        self.server.tokens = self.tokens
        self.server.idle = self.server.census()
        return self


async def asks(device, question="count 5 0.01", *, thread=None):
    """Ask something and wait for the whole answer; return the thread."""
    async with asyncio.timeout(PATIENCE):
        sent = await device.say(question, thread=thread)
        assert await device.wait_run_ended(sent) == "completed"
    assert (question, answer_to(question)) in device.answers(sent.thread)
    return sent.thread


async def sees(device, thread, question):
    """Wait until a device shows a whole answer that another one asked for."""
    async with asyncio.timeout(PATIENCE):
        if thread_log(thread) not in device.replicas:
            await device.follow(thread)
        await device.wait_for(
            lambda: (question, answer_to(question)) in device.answers(thread)
        )


def answer_to(question):
    """Return the whole answer of :mod:`tests.faults.moods`."""
    kind, number, *more = question.split()
    if kind == "count":
        return counted(question)
    return "".join(str(n % 10) * int(more[0]) + " " for n in range(int(number)))


def is_served(server, name="ann"):
    """Tell whether somebody comes, asks and is answered as if nothing were wrong."""

    async def work():
        async with (
            server.client(server.tokens[name]) as http,
            Device(http, name=name, user=name, back_off_most=0.2) as device,
        ):
            return await asks(device)

    return asyncio.run(work()) is not None


@pytest.fixture(scope="module")
def usual(tmp_path_factory):
    """One server for tests that leave no trace in it."""
    server = TroubledServer(tmp_path_factory.mktemp("data"))
    server.tokens = asyncio.run(make_users(server.data, *PEOPLE))
    server.start()
    try:
        asyncio.run(server.wait_ready())
        server.idle = server.census()
        yield server
    finally:
        server.kill()


@pytest.fixture
def server(usual):
    """It again, for one test: whatever a peer does, nothing is worth logging."""
    seen = len(usual.log())
    yield usual
    usual.trouble()

    assert complaints(usual.log()[seen:], usual.expected) == []
    usual.expected = ()


@pytest.fixture
def serve(tmp_path):
    """Start servers of one's own, of which nothing is left afterwards."""
    with contextlib.ExitStack() as stack:

        def serve(*, trouble=None, **how):
            server = TroubledServer(tmp_path, **how)
            server.tokens = asyncio.run(make_users(server.data, *PEOPLE))
            server.trouble(**(trouble or {}))
            server.start()
            stack.callback(server.kill)
            if trouble is None:
                asyncio.run(server.wait_ready())
                server.idle = server.census()
            return server

        yield serve


def complaints(log, expected=()):
    """Return the lines of a log that nobody expected."""
    lines = re.findall(r"^.* (?:WARNING|ERROR|CRITICAL) .*$", log, re.MULTILINE)
    return [line for line in lines if not any(text in line for text in expected)]
