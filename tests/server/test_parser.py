"""The seam with picows: what of it is used that it does not publish.

If one of these fails after picows was updated, ``server/_parser.py`` has to be adapted
(and the version pinned in pyproject.toml) before anything else is looked at.
"""

import asyncio
import importlib.metadata
import re
import socket
from pathlib import Path

import pytest
from picows import WSListener
from picows.picows import WSProtocol, WSTransport

from goldenpath.server._parser import Parser
from tests.support.raw import TEXT, frame

PYPROJECT = Path(__file__).parents[2] / "pyproject.toml"
HEAD = b"HTTP/1.1 101 Switching Protocols\r\n\r\n"


class Told(WSListener):
    """Notes down what the parser says."""

    def __init__(self):
        super().__init__()
        self.frames = []
        self.failures = []
        self.reads = 0
        self.fails = False

    def on_ws_frame(self, transport, frame):
        if self.fails:
            raise ZeroDivisionError
        self.frames.append(
            (
                int(frame.msg_type),
                frame.get_payload_as_bytes(),
                bool(frame.fin),
                (frame.rsv1, frame.rsv2, frame.rsv3),
                bool(frame.last_in_buffer),
                frame.tail_size,
            )
        )

    def was_read(self):
        self.reads += 1

    def parser_failed(self, code):
        self.failures.append(code)


class Pair:
    """A parser with one end of a connection, and a test with the other."""

    def __init__(self, told, parser, transport, peer):
        self.told = told
        self.parser = parser
        self.transport = transport
        self.peer = peer

    async def read(self, size):
        loop = asyncio.get_running_loop()
        data = b""
        async with asyncio.timeout(30):
            while len(data) < size:
                data += await loop.sock_recv(self.peer, size - len(data))
        return data


@pytest.fixture
async def pair(anyio_backend):
    """Return a parser that has just answered a handshake."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        theirs = socket.create_connection(listening.getsockname())
        ours, _ = listening.accept()
    theirs.setblocking(False)
    loop = asyncio.get_running_loop()
    transport, _ = await loop.connect_accepted_socket(asyncio.Protocol, ours)
    told = Told()
    parser = Parser(told, transport, head=HEAD, max_frame_bytes=1000)
    yield Pair(told, parser, transport, theirs)
    transport.abort()
    theirs.close()
    await asyncio.sleep(0)


pytestmark = pytest.mark.anyio


def test_the_version_that_is_pinned_is_the_one_that_is_tested():
    (pinned,) = re.findall(r'"picows==([^"]+)"', PYPROJECT.read_text("utf-8"))

    assert importlib.metadata.version("picows") == pinned


def test_the_class_is_where_it_was_and_can_be_derived_from():
    assert issubclass(Parser, WSProtocol)
    assert issubclass(Parser, asyncio.BufferedProtocol)
    for name in ("get_buffer", "buffer_updated", "connection_made", "connection_lost"):
        assert callable(getattr(WSProtocol, name)), name


async def test_its_arguments_mean_what_they_meant(pair):
    """They are given by position: a new one in their midst would shift the rest."""
    assert isinstance(pair.parser.transport, WSTransport)
    assert pair.parser.listener is pair.told
    assert not pair.parser.transport.is_client_side
    pair.parser.feed(frame("ping", opcode=9) + frame("x" * 1000))
    assert [told[:2] for told in pair.told.frames] == [(9, b"ping"), (1, b"x" * 1000)]
    assert await pair.read(len(HEAD)) == HEAD  # and no pong
    pair.parser.feed(frame("x" * 1001))
    assert pair.told.failures == [1009]


async def test_a_frame_says_what_follows_it_in_the_buffer(pair):
    pair.parser.feed(frame("a") + frame("b", final=False, reserved=5) + frame("c")[:3])
    a, b = pair.told.frames

    assert a[:5] == (TEXT, b"a", True, (0, 0, 0), False)
    assert b == (TEXT, b"b", False, (1, 0, 1), True, 3)
    assert pair.told.reads == 2  # the handshake was the first


async def test_a_failure_is_found_where_it_is_looked_for_and_ends_nothing(pair):
    """The parser may not close what is still to be lingered on."""
    await pair.read(len(HEAD))
    pair.parser.feed(frame("x", opcode=3))
    # Longer than picows waits before it would close the transport.
    closing = asyncio.get_running_loop().create_future()
    asyncio.get_running_loop().call_later(0.05, closing.set_result, None)
    await closing

    assert pair.told.failures == [1002]
    assert (await pair.read(4))[0] == 0x88
    assert not pair.transport.is_closing()


async def test_a_bug_in_the_listener_is_logged_and_becomes_a_failure(pair, caplog):
    pair.told.fails = True
    pair.parser.feed(frame("x"))

    assert pair.told.failures == [1011]
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()


async def test_a_flood_of_small_frames_is_read_in_small_steps(pair):
    """Else the buffer would grow with each read that fills it."""
    pair.parser.feed(1000 * frame("x" * 900))

    assert len(pair.told.frames) == 1000
    assert not pair.parser.is_swollen


@pytest.mark.parametrize("size", [10, 8192, 8193, 300_000])
async def test_what_is_sent_is_copied(pair, size):
    """picows reuses its memory for the next frame, also if this one has to wait."""
    await pair.read(len(HEAD))
    for letter in (b"a", b"b", b"c"):
        pair.parser.transport.send(1, letter * size)
    head = len(frame(b"x" * size, masked=False)) - size
    received = await pair.read(3 * (head + size))

    assert received == b"".join(
        frame(letter * size, masked=False) for letter in (b"a", b"b", b"c")
    )


async def test_a_close_frame_may_have_a_code_of_ours_and_is_the_last(pair):
    await pair.read(len(HEAD))
    pair.parser.transport.send_close(4413, "behind")
    pair.parser.transport.send(1, b"late")
    pair.parser.transport.send_close(1000, "")
    pair.transport.write(b"the end")

    assert pair.parser.transport.is_close_frame_sent
    assert await pair.read(17) == b"\x88\x08\x11\x3dbehindthe end"


async def test_the_listener_is_told_when_the_transport_is_gone(pair):
    gone = asyncio.Event()
    pair.told.on_ws_disconnected = lambda _transport: gone.set()
    pair.peer.close()
    async with asyncio.timeout(30):
        await gone.wait()

    assert pair.parser.transport.is_disconnected
