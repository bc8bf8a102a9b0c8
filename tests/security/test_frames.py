"""S30 to S32, S35 and S36: frames that are too large, too many, or never whole."""

import contextlib
import struct
import zlib

import pytest

from tests.support.raw import CONTINUATION, PING, TEXT, frame, handshake
from tests.support.served import Served

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]

LIMIT = 256 * 1024
MEBIBYTE = 1024 * 1024
# What a process may grow by through anything but what it was sent.
NOISE = 16 * MEBIBYTE


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    """One server; each test shows in the end that it serves others."""
    with Served(tmp_path_factory.mktemp("frames"), ["ada", "eve"]) as served:
        served.serves("ada")  # what is loaded late is loaded
        yield served
        assert served.server.errors() == []


@pytest.fixture(scope="module")
def impatient(tmp_path_factory):
    """One that gives up what is not whole after a second and a half."""
    data = tmp_path_factory.mktemp("impatient")
    within = {"request_within": 1.5, "message_within": 1.5}
    with Served(data, ["ada", "eve"], settings={"limits": within}) as served:
        yield served
        assert served.server.errors() == []


def padded(size):
    """Return a frame of the protocol that has exactly so many bytes."""
    head, tail = b'{"frame":"pong","x":"', b'"}'
    return head + b"x" * (size - len(head) - len(tail)) + tail


def flood(peer, data, *, most=64 * MEBIBYTE):
    """Send something over and over; return how that ends, and after how many bytes."""
    sent = 0
    try:
        while sent < most:
            peer.send(data)
            sent += len(data)
    except ConnectionResetError:
        return "reset", sent
    except OSError:
        return "closed", sent
    return "taken", sent


@pytest.mark.parametrize("fragments", [1, 64])
@pytest.mark.parametrize("beyond", [-1, 0, 1])
def test_s30_a_message_has_256_kib_at_most(served, beyond, fragments):
    data = padded(LIMIT + beyond)
    size = len(data) // fragments + 1
    pieces = [data[start : start + size] for start in range(0, len(data), size)]
    with served.device("eve") as eve:
        for place, piece in enumerate(pieces):
            eve.send(
                frame(
                    piece,
                    opcode=TEXT if place == 0 else CONTINUATION,
                    final=place == len(pieces) - 1,
                )
            )
        if beyond <= 0:
            assert eve.ask("unsubscribe", thread="x")["frame"] == "result"
        else:
            assert eve.read_close()[0] == 1009


@pytest.mark.parametrize("size", [LIMIT + 1, 16 * MEBIBYTE, 2**31, 2**63 - 1])
def test_s30_a_frame_that_says_it_is_larger_is_not_waited_for(served, size):
    before = served.resident_bytes()
    peers = [served.opened("eve") for _ in range(15)]
    for peer in peers:
        peer.send(frame(b"x" * 1000, length=size))
    codes = {peer.read_close()[0] for peer in peers}
    for peer in peers:
        peer.close()

    assert codes == {1009}
    assert served.resident_bytes() - before < NOISE
    assert served.serves("ada")


def test_s30_a_hello_has_64_kib_at_most(served):
    """Nobody is known yet, and everybody may send it."""
    with served.peer() as stranger:
        stranger.open()
        stranger.send(frame(b'{"frame":"hello","device":"' + b"x" * 65536 + b'"}'))

        assert stranger.read_close()[0] == 1009


def test_s31_compression_is_not_negotiated_however_it_is_offered(served):
    for offered in (
        "permessage-deflate",
        "permessage-deflate; client_max_window_bits",
        "permessage-deflate; server_no_context_takeover, x-webkit-deflate-frame",
    ):
        with served.peer() as peer:
            headers = [("Sec-WebSocket-Extensions", offered), served.bearer("eve")]
            status, answered, _ = peer.open(headers=headers)

            assert status == 101
            assert "sec-websocket-extensions" not in answered


def test_s31_a_compressed_bomb_is_a_protocol_error(served):
    """15 kB that would be 15 MB, if anybody believed that they are compressed."""
    deflate = zlib.compressobj(9, zlib.DEFLATED, -15)
    bomb = deflate.compress(bytes(15 * MEBIBYTE))
    bomb += deflate.flush(zlib.Z_SYNC_FLUSH)
    before = served.resident_bytes()
    peers = [
        served.opened(
            "eve", headers=[("Sec-WebSocket-Extensions", "permessage-deflate")]
        )
        for _ in range(15)
    ]
    for peer in peers:
        peer.send(frame(bomb.removesuffix(b"\0\0\xff\xff"), reserved=4))
    codes = {peer.read_close()[0] for peer in peers}
    for peer in peers:
        peer.close()

    assert len(bomb) < 20_000
    assert codes == {1002}
    assert served.resident_bytes() - before < NOISE
    assert served.serves("ada")


@pytest.mark.parametrize("first", [TEXT, PING, CONTINUATION])
def test_s31_no_frame_may_have_a_reserved_bit(served, first):
    for reserved in (1, 2, 4):
        with served.opened("eve") as eve:
            eve.send(frame(b"x", opcode=first, reserved=reserved))

            assert eve.read_close()[0] == 1002


@pytest.mark.parametrize("size", [300, 4096, 65536])
def test_s32_endless_fragments_end_at_the_limit_of_a_message(served, size):
    before = served.resident_bytes()
    piece = frame(b"x" * size, opcode=CONTINUATION, final=False)
    peers = [served.opened("eve") for _ in range(10)]
    for peer in peers:
        peer.send(frame(b"x", final=False))
        # The kernel of the sender takes some that never leaves.
        assert flood(peer, piece * (65536 // size))[1] < 16 * MEBIBYTE
    for peer in peers:
        peer.close()

    assert served.resident_bytes() - before < NOISE
    assert served.serves("ada")


def test_s32_an_endless_message_is_told_that_it_is_too_large(served):
    with served.opened("eve") as eve:
        eve.send(frame(b"x" * 200_000, final=False))
        eve.send(frame(b"x" * 100_000, opcode=CONTINUATION, final=False))

        assert eve.read_close()[0] == 1009


@pytest.mark.parametrize(
    "flooding",
    [
        frame(b"", opcode=PING),
        frame(b"x" * 125, opcode=PING),
        frame(b"", opcode=0xA),
    ],
    ids=["pings", "large pings", "pongs"],
)
def test_s35_a_flood_of_control_frames_is_let_go_of_without_a_word(served, flooding):
    with served.device("eve") as eve, served.device("ada") as ada:
        assert flood(eve, flooding * 500)[0] == "reset"
        thread = ada.say("hello")["thread"]
        assert ada.answer_of(thread)["type"] == "agent_completed"


def test_s35_a_flood_of_empty_fragments_is_let_go_of_too(served):
    with served.device("eve") as eve:
        eve.send(frame(b"x", final=False))
        piece = frame(b"", opcode=CONTINUATION, final=False)

        assert flood(eve, piece * 500)[0] == "reset"


def test_s35_a_flood_of_fragments_of_one_byte_is_refused(served):
    piece = frame(b" ", opcode=CONTINUATION, final=False)
    with served.device("eve") as eve:
        eve.send(frame(b"{", final=False) + piece * 2000)

        assert eve.read_close() == (1008, "a message has too many fragments")
    assert served.serves("ada")


def test_s35_who_pings_as_often_as_is_decent_is_answered(served):
    with served.device("eve") as eve:
        for number in range(15):
            eve.send(frame(struct.pack("!H", number), opcode=PING))

        assert eve.ask("unsubscribe", thread="x")["frame"] == "result"


def test_s36_half_a_handshake_is_given_up_and_costs_nobody_else(impatient):
    """Three hundred of them, as slow as their sender likes."""
    head = handshake("h", headers=[impatient.bearer("eve")])
    # Nothing, a beginning, all but the last byte, and a head that goes on and on.
    beginnings = (b"", head[:20], head[:-1], head[:-2] + b"X-A: b\r\n")
    before = impatient.open_sockets()
    peers = [impatient.peer() for _ in range(300)]
    for place, peer in enumerate(peers):
        peer.send(beginnings[place % 4])
    assert impatient.serves("ada")
    answers = [peer.read_to_end().partition(b"\r\n")[0] for peer in peers]
    for peer in peers:
        peer.close()
    impatient.wait_sockets(before)

    assert set(answers[0::4]) == {b""}
    late = b"HTTP/1.1 408 Request Timeout"
    assert set(answers[1::4] + answers[2::4] + answers[3::4]) == {late}


@pytest.mark.parametrize("door", ["before hello", "after the welcome"])
def test_s36_half_a_message_is_given_up_too(impatient, door):
    beginnings = (
        frame("x" * 200)[:1],
        frame("x" * 200)[:100],
        frame("x" * 100_000)[:50_000],
        frame("x", final=False),
    )
    peers = [impatient.opened("eve") for _ in beginnings]
    for peer, beginning in zip(peers, beginnings, strict=True):
        if door != "before hello":
            peer.hello()
        peer.send(beginning)
    codes = [peer.read_close()[0] for peer in peers]
    for peer in peers:
        peer.close()

    assert codes == [1008] * 4
    assert impatient.serves("ada")


def test_s36_bytes_that_trickle_do_not_prolong_a_message(impatient):
    message = frame("x" * 100_000)
    with impatient.device("eve") as eve:
        eve.socket.settimeout(0.1)
        code = None
        for at in range(len(message)):
            eve.send(message[at : at + 1])
            with contextlib.suppress(TimeoutError):
                code = eve.read_close()[0]
                break

        assert code == 1008
