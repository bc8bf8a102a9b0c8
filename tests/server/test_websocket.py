"""One WebSocket on our class: every message of ASGI, and every way to misbehave."""

import asyncio
import queue
import socket
import struct
import threading

import pytest
from uvicorn.protocols.utils import ClientDisconnected

from goldenpath.asgi._socket import LANE
from tests.server.conftest import WITHIN, Echo, how_it_ends
from tests.support.raw import (
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    PONG,
    TEXT,
    frame,
    handshake,
)


def closing(code, reason=""):
    return frame(struct.pack("!H", code) + reason.encode(), opcode=CLOSE)


def echoed(peer, text):
    """Tell whether the other side is alive and hears."""
    peer.send(frame(text))
    return peer.read_frame() == (TEXT, text.encode())


def fill(peer, data):
    """Send something over and over until nobody takes it; return what is left."""
    try:
        while True:
            left = data
            while left:
                left = left[peer.socket.send(left) :]
    except TimeoutError:
        return left


class Scripted:
    """An application that does what a test tells it, message by message."""

    def __init__(self, *script, then=None):
        self.script = script
        self.then = then
        self.outcome = queue.Queue()

    async def __call__(self, scope, receive, send):
        await receive()
        for message in self.script:
            await send(message)
        if self.then is not None:
            self.outcome.put(await self.then(scope, receive, send))

    def result(self):
        return self.outcome.get(timeout=WITHIN)


ACCEPT = {"type": "websocket.accept"}


# The handshake.


def test_a_handshake_is_accepted_with_a_subprotocol_and_headers(serve):
    echo = Echo({"subprotocol": "goldenpath.v1", "headers": [(b"X-One", b"1")]})
    serving = serve(echo)
    with serving.peer() as peer:
        status, headers, _ = peer.open()

        assert status == 101
        assert headers["sec-websocket-protocol"] == "goldenpath.v1"
        assert headers["x-one"] == "1"
        assert "date" in headers
        assert echoed(peer, "hello")


def test_the_scope_says_what_was_asked(serve):
    serving = serve()
    with serving.peer() as peer:
        peer.open(path="/a%20b/c?d=e%20f", headers=[("X-Two", "é")])
    scope = serving.scopes.get(timeout=WITHIN)

    assert scope["type"] == "websocket"
    assert scope["scheme"] == "ws"
    assert scope["http_version"] == "1.1"
    assert scope["path"] == "/a b/c"
    assert scope["raw_path"] == b"/a%20b/c"
    assert scope["query_string"] == b"d=e%20f"
    assert scope["subprotocols"] == ["goldenpath.v1"]
    assert (b"x-two", "é".encode("latin-1")) in scope["headers"]
    assert scope["client"][0] == "127.0.0.1"
    assert scope["server"] == ("127.0.0.1", serving.port)
    assert "websocket.http.response" in scope["extensions"]
    assert scope["asgi"]["spec_version"] == "2.4"


def test_f01_a_subprotocol_that_was_not_offered_is_never_sent(serve, caplog):
    serving = serve(Scripted(ACCEPT | {"subprotocol": "chat.v2"}))
    with serving.peer() as peer:
        assert peer.open()[0] == 500
    caplog.clear()


def test_s31_compression_is_not_negotiated_even_if_it_is_offered(echoing):
    with echoing.peer() as peer:
        offer = [("Sec-WebSocket-Extensions", "permessage-deflate")]
        status, headers, _ = peer.open(headers=offer)

    assert status == 101
    assert "sec-websocket-extensions" not in headers


def test_an_application_cannot_set_what_the_server_negotiates(serve, caplog):
    header = (b"Sec-WebSocket-Extensions", b"permessage-deflate")
    serving = serve(Scripted(ACCEPT | {"headers": [header]}))
    with serving.peer() as peer:
        assert peer.open()[0] == 500
    caplog.clear()


def test_a_connection_header_may_name_more_than_the_upgrade(echoing):
    """Firefox sends keep-alive along with it."""
    request = handshake("h").replace(
        b"Connection: Upgrade", b"Connection: keep-alive, Upgrade"
    )
    with echoing.peer() as peer:
        peer.send(request)
        assert peer.read_head()[0] == 101
        assert echoed(peer, "hello")


def test_f05_frames_in_the_segment_of_the_handshake_are_heard_in_order(echoing):
    with echoing.peer() as peer:
        peer.send(handshake("h") + frame("one") + frame("two") + frame("three")[:3])
        peer.read_head()

        assert peer.read_frame() == (TEXT, b"one")
        assert peer.read_frame() == (TEXT, b"two")


def test_f05_frames_that_come_before_the_accept_wait(serve):
    answer = asyncio.Event()

    class Slow(Echo):
        async def __call__(self, scope, receive, send):
            await answer.wait()
            await super().__call__(scope, receive, send)

    serving = serve(Slow())
    with serving.peer() as peer:
        peer.send(handshake("h"))
        serving.scopes.get(timeout=WITHIN)
        peer.send(frame("one") + frame("two"))
        serving.call(answer.set)

        assert peer.read_head()[0] == 101
        assert peer.read_frame() == (TEXT, b"one")
        assert peer.read_frame() == (TEXT, b"two")


def test_f15_a_proxy_that_splits_everywhere_changes_nothing(echoing):
    sent = [frame("one"), frame(b"2" * 200, opcode=BINARY), frame("ping", opcode=PING)]
    with echoing.peer() as peer:
        peer.socket.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        for byte in handshake("h") + b"".join(sent):
            peer.send(bytes((byte,)))

        assert peer.read_head()[0] == 101
        assert {peer.read_frame() for _ in sent} == {
            (TEXT, b"one"),
            (BINARY, b"2" * 200),
            (PONG, b"ping"),
        }


def test_a_denial_arrives_with_its_status_headers_and_body(serve):
    start = {
        "type": "websocket.http.response.start",
        "status": 429,
        "headers": [(b"Retry-After", b"7"), (b"content-length", b"8")],
    }
    body = {"type": "websocket.http.response.body"}
    serving = serve(
        Scripted(
            start,
            body | {"body": b"not ", "more_body": True},
            body | {"body": b"now!"},
        )
    )
    with serving.peer() as peer:
        status, headers, text = peer.open()

        assert (status, headers["retry-after"], text) == (429, "7", b"not now!")
        assert headers["connection"] == "close"
        assert peer.read_to_end() == b""


def test_a_close_before_the_accept_is_a_403(serve):
    async def then(_scope, receive, send):
        heard = await receive()
        with pytest.raises(ClientDisconnected):
            await send(ACCEPT)
        return heard

    app = Scripted({"type": "websocket.close"}, then=then)
    with serve(app).peer() as peer:
        status, _, body = peer.open()

    assert (status, body) == (403, b"")
    assert app.result()["type"] == "websocket.disconnect"


def test_what_follows_a_denied_handshake_is_no_second_request(serve):
    """S41: a proxy may believe that the connection is a WebSocket now."""
    serving = serve(Scripted({"type": "websocket.close"}))
    with serving.peer() as peer:
        peer.send(handshake("h") + b"GET /second HTTP/1.1\r\nHost: h\r\n\r\n")
        assert peer.read_head()[0] == 403
        peer.send(b"GET /third HTTP/1.1\r\nHost: h\r\n\r\n")
        assert peer.read_to_end() == b""
    serving.scopes.get(timeout=WITHIN)

    assert serving.scopes.empty()


def test_what_follows_an_accepted_handshake_is_no_second_request_either(serve):
    serving = serve()
    with serving.peer() as peer:
        peer.send(handshake("h") + b"GET /second HTTP/1.1\r\nHost: h\r\n\r\n")
        assert peer.read_head()[0] == 101
        assert peer.read_close()[0] == 1002
        assert peer.read_to_end() == b""
    serving.scopes.get(timeout=WITHIN)

    assert serving.scopes.empty()


@pytest.mark.parametrize(
    ("script", "status", "said"),
    [
        ((), 500, "returned without an answer"),
        (({"type": "websocket.send", "text": "x"},), 500, "the application failed"),
        (({"type": "websocket.nonsense"},), 500, "the application failed"),
    ],
)
def test_an_application_that_answers_no_handshake_is_answered_for(
    serve, caplog, script, status, said
):
    with serve(Scripted(*script)).peer() as peer:
        assert peer.open()[0] == status
        assert peer.read_to_end() == b""
    assert said in caplog.text
    caplog.clear()


def test_a_denial_that_is_not_finished_ends_the_connection(serve, caplog):
    start = {"type": "websocket.http.response.start", "status": 400}
    with serve(Scripted(start)).peer() as peer:
        assert peer.open()[0] == 400
        assert how_it_ends(peer) == "reset"
    caplog.clear()


# Messages.


@pytest.mark.parametrize("size", [0, 1, 125, 126, 127, 65535, 65536, 200_000])
@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_a_message_of_any_size_comes_and_goes_whole(echoing, size, opcode):
    with echoing.opened() as peer:
        peer.send(frame(b"x" * size, opcode=opcode))

        assert peer.read_frame() == (opcode, b"x" * size)


def test_what_a_large_message_took_is_given_back(serve):
    """A connection may send one, and then stay for days."""
    serving = serve()
    with serving.opened() as peer:
        second = frame("y" * 100_000)
        peer.send(frame("x" * 250_000) + second[:-1])
        assert peer.read_frame()[1] == b"x" * 250_000
        (websocket,) = serving.connections
        assert serving.call(lambda: websocket._parser.is_swollen)
        peer.send(second[-1:])
        assert peer.read_frame()[1] == b"y" * 100_000
        assert echoed(peer, "small")

        assert not serving.call(lambda: websocket._parser.is_swollen)


def test_frames_of_one_moment_leave_in_one_write_in_their_order(serve):
    sizes = [3, 125, 126, 65535, 65536, 5, 0, 9000]

    async def then(scope, receive, send):
        for size in sizes:
            scope["extensions"][LANE].send_nowait(b"x" * size)
        await send({"type": "websocket.send", "bytes": b"after them"})
        await receive()

    with serve(Scripted(ACCEPT, then=then)).opened() as peer:
        assert [len(peer.read_frame()[1]) for _ in sizes] == sizes
        assert peer.read_frame() == (BINARY, b"after them")


def test_fragments_make_one_message_and_a_ping_may_come_between(echoing):
    with echoing.opened() as peer:
        word = "schön".encode()
        peer.send(
            frame(word[:4], final=False)  # ends within a character
            + frame(b"now", opcode=PING)
            + frame(b"", opcode=CONTINUATION, final=False)
            + frame(word[4:], opcode=CONTINUATION)
        )

        assert peer.read_frame() == (PONG, b"now")
        assert peer.read_frame() == (TEXT, word)
        peer.send(
            frame(b"\xff", opcode=BINARY, final=False)
            + frame(b"\xfe", opcode=CONTINUATION)
        )
        assert peer.read_frame() == (BINARY, b"\xff\xfe")


def test_pings_are_answered_and_pongs_are_not(echoing):
    with echoing.opened() as peer:
        peer.send(frame(b"a", opcode=PING) + frame(b"b", opcode=PONG) + frame("c"))

        assert {peer.read_frame(), peer.read_frame()} == {(PONG, b"a"), (TEXT, b"c")}


# The end.


@pytest.mark.parametrize(
    ("sent", "told", "echo"),
    [
        (closing(1000), (1000, ""), b"\x03\xe8"),
        (closing(1001, "moving"), (1001, "moving"), b"\x03\xe9"),
        (closing(4321, "ours"), (4321, "ours"), struct.pack("!H", 4321)),
        (frame(b"", opcode=CLOSE), (1005, ""), b"\x03\xe8"),
    ],
    ids=["1000", "1001", "4321", "no code"],
)
def test_the_peers_close_is_told_and_echoed(echoing, sent, told, echo):
    with echoing.opened() as peer:
        peer.send(frame("last") + sent)

        assert peer.read_frame() == (CLOSE, echo)
        assert peer.read_to_end() == b""
    assert echoing.websocket.next()["text"] == "last"
    assert echoing.websocket.ended() == told


@pytest.mark.parametrize("how", ["reset", "close"])
def test_a_peer_that_vanishes_is_told_as_1006(serve, how):
    app = Echo()
    serving = serve(app)
    peer = serving.opened()
    getattr(peer, how)()

    assert app.ended() == (1006, "")
    serving.wait(lambda: not serving.connections)


def test_the_applications_close_waits_for_its_echo(serve):
    async def then(_scope, receive, send):
        heard = [await receive(), await receive()]
        with pytest.raises(ClientDisconnected):
            await send({"type": "websocket.send", "text": "too late"})
        return heard

    app = Scripted(
        ACCEPT,
        {"type": "websocket.send", "text": "first"},
        {"type": "websocket.close", "code": 4401, "reason": "log in"},
        then=then,
    )
    serving = serve(app)
    with serving.opened() as peer:
        peer.send(frame("what is said now is not heard"))
        assert peer.read_frame() == (TEXT, b"first")
        assert peer.read_close() == (4401, "log in")
        assert serving.connections
        peer.send(closing(4401))
        assert how_it_ends(peer) == "closed"
    assert app.result() == 2 * [
        {"type": "websocket.disconnect", "code": 4401, "reason": "log in"}
    ]


def test_the_echo_is_heard_behind_messages_that_nobody_takes(serve):
    go = asyncio.Event()

    async def then(_scope, receive, send):
        await go.wait()
        await send({"type": "websocket.close", "code": 1000})
        await go.wait()

    serving = serve(Scripted(ACCEPT, then=then), waiting_messages=2)
    with serving.opened() as peer:
        peer.send(10 * frame("not taken"))
        (websocket,) = serving.connections
        serving.wait(lambda: websocket._inbox.is_reading_paused)
        peer.send(10 * frame("nor read"))
        serving.call(go.set)
        assert peer.read_close()[0] == 1000
        peer.send(closing(1000))

        assert how_it_ends(peer) == "closed"


def test_nothing_is_sent_after_the_close_frame(serve):
    async def then(scope, receive, send):
        await send({"type": "websocket.close", "code": 1000})
        for late in (b"one too many", b"another"):
            scope["extensions"][LANE].send_nowait(late)
        await receive()

    with serve(Scripted(ACCEPT, then=then)).opened() as peer:
        assert peer.read_close()[0] == 1000
        peer.send(closing(1000))

        assert peer.read_to_end() == b""


@pytest.mark.parametrize("who", ["the peer", "the application"])
def test_a_peer_that_says_goodbye_and_does_not_read_is_let_go_of(serve, who):
    """A transport that is closed waits for what is in it to be read."""

    async def then(scope, receive, send):
        scope["extensions"][LANE].send_nowait(b"x" * 1_000_000)
        if who == "the application":
            await send({"type": "websocket.close", "code": 4413})
        await receive()

    serving = serve(Scripted(ACCEPT, then=then), closed_within=0.1)
    with serving.opened(receive_buffer=4096) as peer:
        peer.send(closing(1000))
        serving.wait(lambda: not serving.connections)

        assert how_it_ends(peer) == "reset"


def test_a_peer_that_does_not_answer_a_close_is_let_go_of(serve):
    async def then(_scope, _receive, send):
        await send({"type": "websocket.close", "code": 1000})

    serving = serve(Scripted(ACCEPT, then=then), closed_within=0.1)
    with serving.opened() as peer:
        assert peer.read_close()[0] == 1000
        with pytest.raises(ConnectionError):
            peer.read_frame()


def test_an_application_that_fails_closes_with_1011(serve, caplog):
    """A 1011 always means a bug, so a bug always means a 1011."""

    async def then(*_):
        raise ZeroDivisionError

    with serve(Scripted(ACCEPT, then=then)).opened() as peer:
        assert peer.read_close()[0] == 1011
    assert "ZeroDivisionError" in caplog.text
    caplog.clear()


def test_an_application_that_returns_closes_with_1000(serve):
    with serve(Scripted(ACCEPT)).opened() as peer:
        assert peer.read_close()[0] == 1000


def test_sending_to_a_peer_that_left_says_so(serve):
    async def then(_scope, receive, send):
        assert (await receive())["type"] == "websocket.disconnect"
        with pytest.raises(ClientDisconnected):
            await send({"type": "websocket.send", "text": "x"})
        return "said"

    app = Scripted(ACCEPT, then=then)
    serve(app).opened().reset()

    assert app.result() == "said"


def test_a_frame_for_a_peer_that_left_never_reaches_the_next(serve):
    """picows writes to a descriptor's number, and the kernel gives it away again."""
    lanes = queue.Queue()

    async def app(scope, receive, send):
        await receive()
        await send(ACCEPT)
        lane = scope["extensions"][LANE]
        lanes.put((lane, lane._transport.get_extra_info("socket").fileno()))
        while (await receive())["type"] != "websocket.disconnect":
            pass

    serving = serve(app)
    serving.opened().reset()
    gone, number = lanes.get(timeout=WITHIN)
    serving.wait(lambda: not serving.connections)
    with serving.opened() as peer:
        lane, again = lanes.get(timeout=WITHIN)
        assert number == again

        def both():
            gone.send_nowait(b"not for you")
            lane.send_nowait(b"for you")

        serving.call(both)

        assert peer.read_frame() == (TEXT, b"for you")


# Those who break the protocol.


_NO_CODES = (0, 999, 1004, 1005, 1006, 1015, 1016, 2999, 5000)


def broken(name, data, code):
    return pytest.param(data, code, id=name)


@pytest.mark.parametrize(
    ("data", "code"),
    [
        broken("rsv1", frame("x", reserved=4), 1002),
        broken("rsv2", frame("x", reserved=2), 1002),
        broken("rsv3", frame("x", reserved=1), 1002),
        broken("rsv1 on a ping", frame("x", opcode=PING, reserved=4), 1002),
        *(broken(f"opcode {n}", frame("x", opcode=n), 1002) for n in (3, 7, 0xB, 0xF)),
        broken("unmasked", frame("x", masked=False), 1002),
        broken("half a ping", frame("x", opcode=PING, final=False), 1002),
        broken("a long ping", frame("x" * 126, opcode=PING), 1002),
        broken("no beginning", frame("x", opcode=CONTINUATION), 1002),
        broken("two beginnings", frame("x", final=False) + frame("y"), 1002),
        broken("close of one byte", frame(b"\x03", opcode=CLOSE), 1002),
        *(broken(f"close {n}", closing(n), 1002) for n in _NO_CODES),
        broken("close, no UTF-8", frame(b"\x03\xe8\xff", opcode=CLOSE), 1007),
        broken("no UTF-8", frame(b"\xff\xfe"), 1007),
        broken("a surrogate", frame(b"\xed\xa0\x80"), 1007),
        broken("half a character", frame("ö".encode()[:1]), 1007),
        broken(
            "no UTF-8, in pieces",
            frame(b"a", final=False) + frame(b"\xff", opcode=CONTINUATION),
            1007,
        ),
        broken("a size beyond all", frame(b"", length=1 << 62), 1009),
        broken("a negative size", frame(b"", length=(1 << 63) + 1), 1002),
    ],
)
def test_f32_who_breaks_the_protocol_is_told_how(echoing, data, code):
    with echoing.opened() as peer:
        assert echoed(peer, "before")
        peer.send(data + frame("after"))

        assert peer.read_close()[0] == code
        assert peer.read_to_end() == b""
    assert echoing.websocket.next()["text"] == "before"
    assert echoing.websocket.next()["code"] == code


@pytest.mark.parametrize("opcode", [TEXT, BINARY])
def test_f29_a_message_may_be_as_large_as_the_limit_and_no_larger(serve, opcode):
    app = Echo()
    serving = serve(app, message_bytes=70_000)
    with serving.opened() as peer:
        for size in (69_999, 70_000):
            peer.send(frame(b"x" * size, opcode=opcode))
            assert len(peer.read_frame()[1]) == size
        peer.send(frame(b"x" * 70_001, opcode=opcode))
        assert peer.read_close()[0] == 1009
    assert app.ended()[0] == 1009


def test_f29_the_size_is_known_before_the_message_is(echoing):
    """Nobody waits for, or keeps, what will be refused."""
    with echoing.opened() as peer:
        peer.send(frame(b"", length=1 << 30))

        assert peer.read_close()[0] == 1009


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (frame(b"x" * 900_000), 1009),
        (frame("x", reserved=4) + 90 * frame(b"x" * 10_000), 1002),
    ],
    ids=["picows finds it", "we find it"],
)
def test_f29_a_peer_that_goes_on_sending_reads_why_it_was_refused(echoing, data, code):
    """A reset, caused by what nobody read, may overtake the close frame."""
    with echoing.opened() as peer:
        peer.send(data)

        assert peer.read_close()[0] == code
        assert how_it_ends(peer) == "closed"


def test_f32_who_breaks_the_protocol_twice_is_told_once(echoing):
    """picows looks at the second frame before it tells of the first."""
    for first in (b"", frame("fine")):
        with echoing.opened() as peer:
            peer.send(frame("x", reserved=4) + first + frame("x", opcode=3))
            assert peer.read_close()[0] == 1002

            assert peer.read_to_end() == b""


def test_f32_who_answers_a_close_with_nonsense_is_told_nothing_more(serve):
    async def then(_scope, _receive, send):
        await send({"type": "websocket.close", "code": 1000})

    with serve(Scripted(ACCEPT, then=then), closed_within=0.2).opened() as peer:
        assert peer.read_close()[0] == 1000
        peer.send(frame("x", opcode=3))

        assert peer.read_to_end() == b""


@pytest.mark.parametrize("reason", ["x" * 200, "ö" * 100, "x" + "ö" * 100])
def test_a_reason_that_is_too_long_is_cut_between_two_characters(serve, reason):
    async def then(_scope, _receive, send):
        await send({"type": "websocket.close", "code": 4400, "reason": reason})

    with serve(Scripted(ACCEPT, then=then)).opened() as peer:
        code, told = peer.read_close()
        peer.send(closing(4400))

    assert code == 4400
    assert reason.startswith(told)
    assert 122 <= len(told.encode()) <= 123


def test_a_refused_peer_that_never_stops_sending_is_cut_off(serve):
    with serve(lingers=30.0).opened() as peer:
        peer.send(frame("x", reserved=4))

        with pytest.raises(ConnectionError):
            peer.send(b"x" * 10_000_000)


def test_s32_fragments_count_together(serve):
    piece = frame(b"x" * 1000, opcode=CONTINUATION, final=False)
    with serve(message_bytes=10_000).opened() as peer:
        peer.send(frame(b"x" * 1000, final=False) + 9 * piece)
        peer.send(frame(b"now", opcode=PING))
        assert peer.read_frame() == (PONG, b"now")
        peer.send(frame(b"x", opcode=CONTINUATION, final=False))

        assert peer.read_close()[0] == 1009


@pytest.mark.parametrize(("pieces", "code"), [(1024, None), (1025, 1008)])
def test_s35_a_message_has_only_so_many_fragments(echoing, pieces, code):
    """Of one byte each, they would keep a processor busy within every size."""
    piece = frame(b"x", opcode=CONTINUATION, final=False)
    with echoing.opened() as peer:
        peer.send(frame(b"x", final=False) + (pieces - 2) * piece)
        peer.send(frame(b"x", opcode=CONTINUATION))
        if code is None:
            assert peer.read_frame() == (TEXT, b"x" * pieces)
        else:
            assert peer.read_close()[0] == code


@pytest.mark.parametrize(
    "beginning",
    [
        frame("x", final=False),
        frame("xyz", length=200),
        frame("x" * 200)[:1],
        frame("x" * 100_000)[:50_000],
        frame("whole") + frame("not whole")[:-1],
    ],
    ids=["a fragment", "no payload", "one byte", "half", "the second"],
)
def test_s32_a_message_that_never_ends_is_given_up(serve, beginning):
    app = Echo()
    with serve(app, message_within=0.2).opened() as peer:
        peer.send(beginning)

        assert peer.read_close()[0] == 1008
    assert app.ended()[0] == 1008


def test_s32_bytes_that_trickle_do_not_prolong_a_message(serve):
    message = frame("x" * 100_000)
    with serve(message_within=0.3).opened() as peer:
        peer.socket.settimeout(0.05)
        for byte in message[:1000]:
            peer.send(bytes((byte,)))
            try:
                peer._more()
            except TimeoutError:
                continue
            break

        assert peer.read_close()[0] == 1008


def test_a_message_that_is_whole_in_time_has_no_deadline_left(serve):
    serving = serve(message_within=0.2)
    with serving.opened() as peer:
        peer.send(frame("one", final=False))
        peer.send(frame("two", opcode=CONTINUATION))
        assert peer.read_frame() == (TEXT, b"onetwo")
        (websocket,) = serving.connections
        serving.wait(lambda: websocket._message_deadline is None)
        assert echoed(peer, "still there")


def test_a_peer_is_not_blamed_for_what_the_application_does_not_take(serve):
    """Its message is not whole here because nothing is read."""
    take = asyncio.Event()

    class Late(Echo):
        async def __call__(self, scope, receive, send):
            async def late():
                await take.wait()
                return await receive()

            self.heard.put(await receive())
            await super().__call__(scope, late, send)

    app = Late()

    async def accepting(scope, receive, send):
        await receive()
        await send(ACCEPT)
        await take.wait()
        while (message := await receive())["type"] == "websocket.receive":
            app.heard.put(message)
        app.heard.put(message)

    serving = serve(accepting, message_within=0.1, waiting_messages=2)
    with serving.opened() as peer:
        peer.send(b"".join(frame(str(n)) for n in range(5)) + frame("last")[:3])
        (websocket,) = serving.connections
        serving.wait(lambda: websocket._inbox.is_reading_paused)
        first = websocket._message_deadline
        serving.wait(lambda: websocket._message_deadline not in (first, None))
        serving.call(take.set)
        heard = [app.next()["text"] for _ in range(5)]

        assert heard == list("01234")
        assert app.ended()[0] == 1008  # from now on the peer is the late one


def test_s35_a_flood_of_pings_ends_in_a_reset(serve):
    app = Echo()
    serving = serve(app, control_frames_burst=20)
    with serving.opened() as peer:
        peer.send(20 * frame(b"", opcode=PING))
        assert [peer.read_frame() for _ in range(20)] == 20 * [(PONG, b"")]
        peer.send(20 * frame(b"", opcode=PING))
        assert how_it_ends(peer) == "reset"
    assert app.ended()[0] == 1006
    serving.wait(lambda: not serving.connections)


@pytest.mark.parametrize(
    "flood",
    [
        100 * frame(b"", opcode=PONG),
        frame("x", final=False) + 100 * frame(b"", opcode=CONTINUATION, final=False),
    ],
    ids=["pongs", "empty fragments"],
)
def test_s35_so_does_what_brings_nothing(echoing, flood):
    with echoing.opened() as peer:
        peer.send(flood)

        assert how_it_ends(peer) == "reset"
    assert echoing.websocket.ended()[0] == 1006


def test_a_peer_that_pings_and_does_not_read_is_not_answered(serve):
    """Otherwise the answers would wait here, without an end."""

    async def then(scope, receive, _send):
        scope["extensions"][LANE].send_nowait(b"x" * 1_000_000)
        return await receive()

    app = Scripted(ACCEPT, then=then)
    serving = serve(app)
    with serving.opened(receive_buffer=4096) as peer:
        (websocket,) = serving.connections
        serving.wait(lambda: not websocket.has_room)
        peer.send(10 * frame(b"x" * 100, opcode=PING) + frame("done"))
        assert app.result()["text"] == "done"

        assert [peer.read_frame()[0] for _ in range(2)] == [TEXT, CLOSE]


# Back-pressure, both ways.


def test_what_the_application_does_not_take_stays_with_the_peer(serve):
    take = asyncio.Event()
    heard = queue.Queue()

    async def app(_scope, receive, send):
        await receive()
        await send(ACCEPT)
        await take.wait()
        while (message := await receive())["type"] == "websocket.receive":
            heard.put(message["text"])

    serving = serve(app)
    with serving.opened(within=0.3) as peer:
        unsent = fill(peer, b"".join(frame(f"{n:>1000}") for n in range(10)))
        (websocket,) = serving.connections
        kept = serving.call(lambda: websocket._inbox.size)
        assert kept < 2 * 64 * 1024
        peer.socket.settimeout(WITHIN)
        serving.call(take.set)
        peer.send(unsent + closing(1000))
        peer.read_close()
        texts = [heard.get_nowait().strip() for _ in range(heard.qsize())]

    assert len(texts) >= 100
    assert texts == [str(n % 10) for n in range(len(texts))]


def test_empty_messages_are_bounded_by_number(serve):
    """Each would cost more here than on the way."""
    take = asyncio.Event()

    async def app(_scope, receive, send):
        await receive()
        await send(ACCEPT)
        await take.wait()

    serving = serve(app)
    with serving.opened(within=0.3) as peer:
        fill(peer, 10_000 * frame(""))
        (websocket,) = serving.connections
        kept = serving.call(lambda: len(websocket._inbox))
        serving.call(take.set)

    assert kept < 16 * 1024 / 6 + 17


def test_a_sender_waits_for_a_peer_that_does_not_read(serve):
    async def then(scope, _receive, send):
        lane = scope["extensions"][LANE]
        sent = 0
        try:
            async with asyncio.timeout(0.5):
                while True:
                    await send({"type": "websocket.send", "text": "x" * 10_000})
                    sent += 10_000
        except TimeoutError:
            pass
        waiting = lane.buffered_bytes
        here = lane._transport.get_write_buffer_size()
        lane.abort()
        return sent, here, waiting, lane.buffered_bytes

    app = Scripted(ACCEPT, then=then)
    with serve(app).opened(receive_buffer=4096):
        sent, here, waiting, after = app.result()

    assert 16 * 1024 < here < waiting < 64 * 1024
    assert sent < 256 * 1024
    assert after == 0


def test_f18_there_is_room_as_soon_as_a_slow_reader_took_a_little(serve):
    """It may take seconds for a kilobyte, and is not lost as long as it does."""

    async def then(scope, _receive, _send):
        lane = scope["extensions"][LANE]
        lane.send_nowait(b"x" * 100_000)
        await lane.wait_room()
        return lane._transport.get_write_buffer_size()

    app = Scripted(ACCEPT, then=then)
    with serve(app, write_bytes=64 * 1024).opened(receive_buffer=4096) as peer:
        while app.outcome.empty():
            peer.socket.recv(500)

        assert app.result() > 32 * 1024


def test_what_waits_is_known_and_becomes_nothing_once_it_is_read(serve):
    async def then(scope, receive, _send):
        lane = scope["extensions"][LANE]
        lane.send_nowait(b"corked")
        corked = lane.buffered_bytes
        lane.send_nowait(b"x" * 1_000_000)
        full = lane.buffered_bytes
        room = lane.has_room
        await lane.wait_room()
        with_room = lane.buffered_bytes
        await receive()
        return corked, full, room, with_room, lane.buffered_bytes

    app = Scripted(ACCEPT, then=then)
    with serve(app).opened() as peer:
        peer.read_frame()
        assert len(peer.read_frame()[1]) == 1_000_000
        peer.send(frame("read"))
        corked, full, room, with_room, empty = app.result()

    assert corked == 6
    assert 500_000 < full <= 1_000_020
    assert not room
    assert with_room < 64 * 1024
    assert empty == 0


def test_an_abort_resets_and_leaves_nothing_behind(serve):
    async def then(scope, receive, _send):
        lane = scope["extensions"][LANE]
        await receive()
        lane.send_nowait(b"never sent")
        lane.abort()
        lane.abort()
        await lane.wait_room()
        return await receive()

    app = Scripted(ACCEPT, then=then)
    serving = serve(app)
    with serving.opened() as peer:
        peer.send(frame("go"))
        with pytest.raises(ConnectionResetError):
            peer.read_frame()
    assert app.result()["code"] == 1006
    serving.wait(lambda: not serving.connections)


def test_f04_what_is_sent_in_the_moment_of_a_reset_is_not_worth_a_word(serve, caplog):
    """asyncio warns of whoever writes on and on to a peer that is gone."""
    has_begun, is_gone = threading.Event(), threading.Event()

    async def then(scope, receive, _send):
        lane = scope["extensions"][LANE]
        await receive()
        has_begun.set()
        # In one turn of the loop, in which it cannot hear of the reset.
        is_gone.wait(WITHIN)
        for _ in range(20):
            lane.send_nowait(b"x" * 20_000)
        is_open = lane.is_open
        return is_open, await receive()

    app = Scripted(ACCEPT, then=then)
    peer = serve(app).opened()
    peer.send(frame("go"))
    assert has_begun.wait(WITHIN)
    peer.reset()
    is_gone.set()
    is_open, message = app.result()

    assert not is_open
    assert message["code"] == 1006
    assert caplog.record_tuples == []


def test_a_waiting_sender_is_told_when_the_peer_leaves(serve):
    async def then(scope, _receive, send):
        with pytest.raises(ClientDisconnected):
            await send({"type": "websocket.send", "bytes": b"x" * 5_000_000})
        return scope["extensions"][LANE].is_open

    app = Scripted(ACCEPT, then=then)
    peer = serve(app).opened(receive_buffer=4096)
    assert peer.socket.recv(100)
    peer.reset()

    assert app.result() is False


def test_a_receive_that_is_cancelled_loses_no_message(serve):
    """F21."""

    async def then(_scope, receive, send):
        cancelled = 0
        heard = []
        while len(heard) < 50:
            try:
                async with asyncio.timeout(0):
                    heard.append((await receive())["text"])
            except TimeoutError:
                cancelled += 1
                await asyncio.sleep(0)
        return cancelled, heard

    app = Scripted(ACCEPT, then=then)
    with serve(app).opened() as peer:
        for n in range(50):
            peer.send(frame(str(n)))
        cancelled, heard = app.result()

    assert cancelled
    assert heard == [str(n) for n in range(50)]
