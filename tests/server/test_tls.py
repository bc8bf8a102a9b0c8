"""The same over TLS, where nothing can be written past the transport."""

import asyncio
import queue
import shutil
import ssl
import subprocess

import pytest

from goldenpath.asgi._socket import LANE
from tests.server.conftest import WITHIN, Echo, Serving, hello
from tests.support.raw import CLOSE, TEXT, RawPeer, frame, handshake

pytestmark = pytest.mark.skipif(
    shutil.which("openssl") is None, reason="NO OPENSSL: nothing makes a certificate"
)


@pytest.fixture(scope="module")
def certificate(tmp_path_factory):
    folder = tmp_path_factory.mktemp("tls")
    key, made = folder / "key.pem", folder / "certificate.pem"
    subprocess.run(
        [
            "openssl", "req", "-x509", "-newkey", "ec", "-nodes", "-days", "2",
            "-pkeyopt", "ec_paramgen_curve:prime256v1", "-subj", "/CN=localhost",
            "-addext", "subjectAltName=DNS:localhost", "-keyout", key, "-out", made,
        ],
        check=True,
        capture_output=True,
    )  # fmt: skip
    return key, made


@pytest.fixture
def serve(certificate):
    servings = []

    def serve(websocket, **limits):
        key, made = certificate
        serving = Serving(
            websocket, hello, tls={"ssl_keyfile": key, "ssl_certfile": made}, **limits
        )
        servings.append(serving)
        return serving

    yield serve
    for serving in servings:
        serving.stop()


@pytest.fixture
def connect(certificate):
    context = ssl.create_default_context(cafile=certificate[1])
    peers = []

    def connect(serving, *, and_frames=b"", **how):
        peer = RawPeer(serving.port, **how)
        peer.socket = context.wrap_socket(peer.socket, server_hostname="localhost")
        peers.append(peer)
        peer.send(handshake("localhost") + and_frames)
        assert peer.read_head()[0] == 101
        return peer

    yield connect
    for peer in peers:
        peer.close()


def test_messages_of_any_size_come_and_go(serve, connect):
    serving = serve(Echo())
    peer = connect(serving, and_frames=frame("with the handshake"))
    assert peer.read_frame() == (TEXT, b"with the handshake")
    for size in (1, 125, 126, 9000, 65536, 250_000):
        peer.send(frame("x" * size))
        assert peer.read_frame() == (TEXT, b"x" * size)
    peer.send(frame(b"\x03\xe8", opcode=CLOSE))
    assert peer.read_close()[0] == 1000
    scope = serving.scopes.get(timeout=WITHIN)

    assert scope["scheme"] == "wss"


def test_who_breaks_the_protocol_is_told_how(serve, connect):
    app = Echo()
    peer = connect(serve(app, lingers=0.1))
    peer.send(frame("x", reserved=4))

    assert peer.read_close()[0] == 1002
    assert peer.read_to_end() == b""
    assert app.ended()[0] == 1002


def test_what_waits_is_known_and_an_abort_drops_it(serve, connect):
    outcome = queue.Queue()

    async def app(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        lane = scope["extensions"][LANE]
        for _ in range(100):
            lane.send_nowait(b"x" * 10_000)
        waiting = lane.buffered_bytes
        room = lane.has_room
        await receive()
        lane.abort()
        await lane.wait_room()
        outcome.put((waiting, room, lane.buffered_bytes, await receive()))

    serving = serve(app)
    peer = connect(serving, receive_buffer=4096)
    peer.send(frame("go"))
    waiting, room, after, told = outcome.get(timeout=WITHIN)

    assert waiting > 500_000
    assert not room
    assert after == 0
    assert told["code"] == 1006
    serving.wait(lambda: not serving.connections)


def test_a_sender_waits_and_goes_on(serve, connect):
    async def app(scope, receive, send):
        await receive()
        await send({"type": "websocket.accept"})
        for _ in range(100):
            await send({"type": "websocket.send", "text": "x" * 10_000})
        await asyncio.sleep(0)
        await send({"type": "websocket.close", "code": 1001})

    peer = connect(serve(app), receive_buffer=4096)
    for _ in range(100):
        assert peer.read_frame() == (TEXT, b"x" * 10_000)

    assert peer.read_close()[0] == 1001
