"""HTTP before anything becomes a WebSocket: deadlines, sizes, counts, strictness."""

import asyncio
import contextlib
import queue
import time

import pytest

from tests.server.conftest import WITHIN, Echo, how_it_ends
from tests.support.raw import PING, PONG, frame, handshake

REQUEST = b"GET /page HTTP/1.1\r\nHost: h\r\n\r\n"


def refused(peer):
    """Return the status and the text of a refusal, after which nothing comes."""
    status, headers, body = peer.read_head()
    assert headers["connection"] == "close"
    assert peer.read_to_end() == b""
    return status, body.decode()


def post(body, **headers):
    lines = [f"{name.replace('_', '-')}: {value}" for name, value in headers.items()]
    return "\r\n".join(["POST /in HTTP/1.1", "Host: h", *lines, "", body]).encode()


# What has always worked.


def test_requests_follow_one_another_on_a_connection(echoing):
    with echoing.peer() as peer:
        peer.send(REQUEST)
        assert peer.read_head()[::2] == (200, b"/page ")
        peer.send(post("abc", Content_Length=3) + REQUEST)
        assert peer.read_head()[::2] == (200, b"/in abc")
        assert peer.read_head()[::2] == (200, b"/page ")
        peer.send(post("2\r\nab\r\n0\r\n\r\n", Transfer_Encoding="chunked"))
        assert peer.read_head()[::2] == (200, b"/in ab")


def test_a_handshake_may_follow_a_request(echoing):
    with echoing.peer() as peer:
        peer.send(REQUEST + handshake("h") + frame("x", opcode=PING))
        assert peer.read_head()[0] == 200
        assert peer.read_head()[0] == 101
        assert peer.read_frame() == (PONG, b"x")


def test_an_upgrade_to_something_else_is_a_request_like_any_other(echoing):
    """Java's client offers HTTP/2 with each of its requests."""
    offer = {
        "Connection": "Upgrade, HTTP2-Settings",
        "Upgrade": "h2c",
        "HTTP2-Settings": "AAMAAABkAAQAAP__",
    }
    with echoing.peer() as peer:
        peer.send(post("", Content_Length=0, **offer))

        assert peer.read_head()[0] == 200


# Deadlines.


@pytest.mark.parametrize(
    "beginning",
    [
        b"G",
        REQUEST[:-1],
        post("half", Content_Length=8),
        post("", Transfer_Encoding="chunked"),
        handshake("h")[:-2],
        post("abc", Content_Length=3) + REQUEST[:20],
    ],
    ids=["a byte", "a head", "a body", "no chunk", "a handshake", "the second"],
)
def test_f08_half_a_request_is_given_up(serve, beginning):
    with serve(request_within=0.2).peer() as peer:
        peer.send(beginning)
        if beginning.endswith(REQUEST[:20]):
            assert peer.read_head()[0] == 200

        assert refused(peer)[0] == 408


def test_f08_a_peer_that_says_nothing_is_left_without_a_word(serve):
    serving = serve(request_within=0.2)
    with serving.peer() as peer:
        assert peer.read_to_end() == b""
    serving.wait(lambda: not serving.connections)


def test_f08_bytes_that_trickle_do_not_prolong_a_request(serve):
    with serve(request_within=0.3).peer() as peer:
        peer.socket.settimeout(0.05)
        for byte in REQUEST[:-4] + b"\r\nX-Slow: " + b"x" * 1000:
            peer.send(bytes((byte,)))
            try:
                peer._more()
            except TimeoutError:
                continue
            break
        peer.socket.settimeout(WITHIN)

        assert refused(peer)[0] == 408


def test_f08_a_kept_connection_is_not_kept_for_ever(serve):
    serving = serve()
    serving.server.config.timeout_keep_alive = 0.2
    with serving.peer() as peer:
        peer.send(REQUEST)

        assert peer.read_head()[0] == 200
        assert peer.read_to_end() == b""


def test_an_application_may_take_longer_than_a_request(serve):
    """The deadline is the peer's, not the application's."""
    answer = asyncio.Event()

    async def slow(_scope, _receive, send):
        await answer.wait()
        await send({"type": "http.response.start", "status": 204, "headers": []})
        await send({"type": "http.response.body"})

    serving = serve(http=slow, request_within=0.1)
    with serving.peer() as peer, serving.peer() as silent:
        peer.send(post("all", Content_Length=3))
        assert silent.read_to_end() == b""  # so its deadline is over too
        serving.call(answer.set)

        assert peer.read_head()[0] == 204


def test_an_application_that_waits_for_a_body_is_told_that_it_will_not_come(serve):
    heard = queue.Queue()

    async def reads(_scope, receive, send):
        while (message := await receive())["type"] == "http.request":
            pass
        heard.put(message["type"])
        # What it says now must not follow the refusal.
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"late"})

    with serve(http=reads, request_within=0.2).peer() as peer:
        peer.send(post("half", Content_Length=8))

        assert refused(peer)[0] == 408
    assert heard.get(timeout=WITHIN) == "http.disconnect"


def test_an_answer_that_has_begun_is_cut_rather_than_garbled(serve):
    async def eager(_scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"begun", "more_body": True})
        while (await receive())["type"] == "http.request":
            pass

    serving = serve(http=eager, request_within=0.2)
    with serving.peer() as peer:
        peer.send(post("half", Content_Length=8))
        while b"begun\r\n" not in peer.received:
            peer._more()
        assert peer.received.count(b"HTTP/1.1") == 1
        assert how_it_ends(peer) == "reset"
    serving.wait(lambda: not serving.connections)


def answering(size):
    """Return an application that answers with so many bytes, in one piece."""

    async def answer(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x" * size})

    return answer


@pytest.mark.parametrize(
    ("size", "taken", "more"),
    [
        (60_000, 0, b""),
        (2_000_000, 0, b""),
        (2_000_000, 0, b"Connection: close\r\n"),
        (2_000_000, 100_000, b""),
    ],
    ids=["a little", "much", "and no more", "begun"],
)
def test_f17_a_peer_that_does_not_take_its_answer_is_let_go_of(
    serve, size, taken, more
):
    serving = serve(http=answering(size), taken_within=0.2)
    with serving.peer(receive_buffer=4096) as peer:
        peer.send(REQUEST[:-2] + more + b"\r\n")
        while len(peer.received) < taken:
            peer._more()
        serving.wait(lambda: serving.server.server_state.total_requests)
        serving.wait(lambda: not serving.connections)

        assert how_it_ends(peer) == "reset"


def test_f18_a_peer_that_takes_it_slowly_gets_it_all(serve):
    serving = serve(http=answering(2_000_000), taken_within=0.1)
    with serving.peer(receive_buffer=4096) as peer:
        peer.send(REQUEST[:-2] + b"Connection: close\r\n\r\n")
        taken = b""
        while piece := peer.socket.recv(10_000):
            taken += piece
            time.sleep(0.001)  # all of it takes many times what is allowed for some

    assert taken.count(b"x") == 2_000_000


def test_an_answer_that_came_before_the_whole_request_is_the_only_one(serve):
    """Who asks for too much is told at once, and may go on sending."""

    async def refuses(_scope, _receive, send):
        await send({"type": "http.response.start", "status": 413, "headers": []})
        await send({"type": "http.response.body"})

    with serve(http=refuses, request_within=0.2).peer() as peer:
        peer.send(post("half", Content_Length=8))

        assert peer.read_to_end().count(b"HTTP/1.1") == 1


# Sizes.


@pytest.mark.parametrize(
    "headers",
    [
        [("Cookie", "x" * 65536)],
        [(f"X-{n}", "1") for n in range(1000)],
        [(f"X-{n}", "1") for n in range(100)],
        [("Cookie", "x" * 16384)],
    ],
    ids=["64 KB cookie", "1000 headers", "101 headers", "16 KiB"],
)
@pytest.mark.parametrize("how", ["whole", "split"])
def test_s40_a_head_that_is_too_large_is_refused(echoing, headers, how):
    data = handshake("h", headers=headers)
    with echoing.peer() as peer:
        size = len(data) if how == "whole" else 1000
        try:
            for start in range(0, len(data), size):
                peer.send(data[start : start + size])
        except ConnectionError:
            pass  # it has heard enough

        assert refused(peer)[0] == 431


def test_s40_a_large_head_that_is_not_too_large_is_served(echoing):
    headers = [("Cookie", "x" * 12_000), *((f"X-{n}", "1") for n in range(80))]
    with echoing.peer() as peer:
        assert peer.open(headers=headers)[0] == 101


def test_a_refused_peer_that_goes_on_sending_reads_why(echoing):
    """A reset, caused by what nobody read, may overtake the answer."""
    with echoing.peer() as peer:
        peer.send(b"nonsense\r\n\r\n" + b"x" * 900_000)

        assert peer.read_head()[0] == 400
        assert how_it_ends(peer) == "closed"


def test_a_refusal_leaves_no_deadline_behind(serve):
    """It would speak to somebody to whom the last word was said."""
    serving = serve(request_within=0.1, lingers=0.3)
    with serving.peer() as peer:
        peer.send(post("0\r\n\r\n", Content_Length=5, Transfer_Encoding="chunked"))
        assert refused(peer)[0] == 400
        serving.wait(lambda: not serving.connections)


# Strictness.


def changed(old, new):
    return handshake("h").replace(old.encode(), new.encode())


UPGRADE = "Upgrade: websocket\r\n"
CONNECTION = "Connection: Upgrade\r\n"
VERSION = "Sec-WebSocket-Version: 13\r\n"
KEY = "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"


@pytest.mark.parametrize(
    "request_",
    [
        pytest.param(changed(VERSION, VERSION + more), id=f"and {more.strip()}")
        for more in (
            "Content-Length: 5\r\n",
            "Content-Length: 0\r\n",
            "Transfer-Encoding: chunked\r\n",
            "Transfer-Encoding: identity\r\n",
            "Content-Length: 1\r\nContent-Length: 2\r\n",
            "Expect: 100-continue\r\n",
            "Host: other\r\n",
            UPGRADE,
            "Upgrade: h2c\r\n",
            KEY,
            VERSION,
            "Connection: close\r\n",
            "X\x00: y\r\n",
            "X : y\r\n",
            "X: y\r\n z\r\n",
            "X: y\n\tz\r\n",
            "X:\r\n\tz\r\n",
            "X: y\x00\r\n",
        )
    ]
    + [
        pytest.param(changed(old, new), id=f"{old.strip()} as {new.strip()!r}")
        for old, new in (
            (CONNECTION, ""),
            (CONNECTION, "Connection: close\r\n"),
            (CONNECTION, "Connection: keep-alive\r\n"),
            (CONNECTION, "Connection: upgradex\r\n"),
            (UPGRADE, ""),
            (UPGRADE, "Upgrade: websocket, h2c\r\n"),
            (VERSION, ""),
            ("Sec-WebSocket-Key: ", "Sec-WebSocket-Key: x"),
            ("Sec-WebSocket-Key: ", "X-Sec-WebSocket-Key: "),
            ("==\r\n", "\r\n"),
            ("Host: h\r\n", ""),
            ("HTTP/1.1", "HTTP/1.0"),
            ("HTTP/1.1", "HTTP/2.0"),
            ("GET", "POST"),
            ("GET", "HEAD"),
            ("GET /ws", "GET  /ws"),
        )
    ],
)
def test_s41_a_handshake_that_can_be_read_in_two_ways_is_refused(echoing, request_):
    """Another machine on the way may have read it in the other."""
    smuggled = b"GET /smuggled HTTP/1.1\r\nHost: h\r\n\r\n"
    while not echoing.scopes.empty():
        echoing.scopes.get()
    with echoing.peer() as peer:
        peer.send(request_ + smuggled)

        assert refused(peer)[0] in (400, 501)
    assert echoing.scopes.empty()


@pytest.mark.parametrize("size", [1, 7, 1000])
def test_s41_a_fold_is_found_however_it_comes_and_a_body_may_have_any_line(
    echoing, size
):
    folded = changed(VERSION, VERSION + "Transfer-Encoding:\r\n chunked\r\n")
    body = post("a\n b\r\n\tc", Content_Length=8)
    with echoing.peer() as peer:
        for start in range(0, len(body), size):
            peer.send(body[start : start + size])
        assert peer.read_head()[2].endswith(b"a\n b\r\n\tc")
    with echoing.peer() as peer:
        with contextlib.suppress(OSError):
            for start in range(0, len(folded), size):
                peer.send(folded[start : start + size])

        assert refused(peer) == (400, "a line of the head is folded")


def test_s48_a_refusal_does_not_repeat_what_came(echoing):
    """It may be a credential, and names what reads it."""
    for request in (b"GET /secret\r\n\r\n", b"GET / HTTP/1.1\r\nsecret\r\n\r\n"):
        with echoing.peer() as peer:
            peer.send(request)

            assert refused(peer) == (400, "this is no HTTP: Bad Request")


def test_s41_a_body_with_two_lengths_is_refused_in_any_request(echoing):
    with echoing.peer() as peer:
        peer.send(post("0\r\n\r\n", Content_Length=5, Transfer_Encoding="chunked"))

        assert refused(peer) == (400, "the body has two lengths")


def test_another_version_is_told_which_one_is_spoken(echoing):
    with echoing.peer() as peer:
        peer.send(changed(VERSION, "Sec-WebSocket-Version: 8\r\n"))
        status, headers, _ = peer.read_head()

    assert status == 426
    assert headers["sec-websocket-version"] == "13"


def test_a_handshake_without_its_upgrade_hints_at_the_proxy(echoing):
    """The commonest mistake with nginx."""
    with echoing.peer() as peer:
        peer.send(changed(UPGRADE, ""))

        assert "proxy" in refused(peer)[1]


def test_what_is_no_http_is_refused(echoing):
    with echoing.peer() as peer:
        peer.send(b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\x03\x03\r\n\r\n")

        assert refused(peer)[0] == 400


# Counts.


def test_f63_beyond_the_cap_a_peer_is_told_to_come_later(serve):
    app = Echo()
    serving = serve(app, connections=2)
    with serving.opened() as first, serving.opened():
        with serving.peer() as third:
            third.send(handshake("h"))
            status, headers, _ = third.read_head()
            assert (status, headers["retry-after"]) == (503, "1")
            assert third.read_to_end() == b""
        first.send(frame("still served"))
        assert first.read_frame()[1] == b"still served"
        first.close()
        serving.wait(lambda: len(serving.connections) < 2)
        with serving.peer() as fourth:
            assert fourth.open()[0] == 101


def test_f63_far_beyond_the_cap_nobody_costs_anything(serve):
    serving = serve(connections=1)
    with serving.opened():
        peers = [serving.peer() for _ in range(100)]
        serving.wait(lambda: len(serving.connections) <= 1 + 64 + 1)
        cut = [peer for peer in peers if is_cut(peer)]
        for peer in peers:
            peer.close()

    assert len(cut) >= 100 - 65


def is_cut(peer):
    peer.socket.settimeout(0.001)
    try:
        return peer.socket.recv(1) == b""
    except TimeoutError:
        return False
    except ConnectionResetError:
        return True


def test_f08_one_address_cannot_take_all_places(serve):
    serving = serve(waiting_per_address=3)
    with serving.peer() as one, serving.peer(), serving.peer():
        serving.wait(lambda: len(serving.connections) == 3)
        with serving.peer() as fourth:
            assert fourth.open()[0] == 503
        one.close()
        serving.wait(lambda: len(serving.connections) < 3)
        with serving.peer() as fifth:
            assert fifth.open()[0] == 101


def test_an_open_websocket_takes_none_of_its_addresss_places(serve):
    serving = serve(waiting_per_address=1)
    with serving.opened() as one, serving.opened() as two, serving.opened() as three:
        for peer in (one, two, three):
            peer.send(frame("here"))
            assert peer.read_frame()[1] == b"here"


def test_a_place_is_free_again_however_a_connection_ended(serve, caplog):
    """A count that only grows would shut the door for ever."""

    async def fails(scope, receive, send):
        await receive()
        if scope["path"] == "/deny":
            await send({"type": "websocket.close"})
        elif scope["path"] == "/fail":
            raise ZeroDivisionError
        else:
            await send({"type": "websocket.accept"})

    serving = serve(fails, waiting_per_address=1, request_within=0.2, closed_within=0.2)
    door = serving.server.config.http.keywords["door"]
    for data in (
        b"",
        b"nonsense\r\n\r\n",
        REQUEST,
        handshake("h", path="/deny"),
        handshake("h", path="/fail"),
        handshake("h", path="/ok"),
    ):
        with serving.peer() as peer:
            peer.send(data)
            peer.read_to_end() if data != REQUEST else peer.read_head()
        serving.wait(lambda: not door._waiting)
    caplog.clear()


def test_a_refused_peer_that_says_nothing_is_not_kept(serve):
    serving = serve(waiting_per_address=1, request_within=0.2)
    with serving.peer(), serving.peer() as second:
        assert second.read_to_end() == b""


def test_an_invalid_chunk_after_an_answer_began_is_no_error_of_ours(serve):
    go = asyncio.Event()

    async def eager(_scope, receive, send):
        await send({"type": "http.response.start", "status": 200, "headers": []})
        await send({"type": "http.response.body", "body": b"x", "more_body": True})
        while (await receive())["type"] == "http.request":
            go.set()

    serving = serve(http=eager)
    with serving.peer() as peer:
        peer.send(post("1\r\na\r\n", Transfer_Encoding="chunked"))
        while b"\r\nx\r\n" not in peer.received:
            peer._more()
        peer.send(b"no chunk\r\n\r\n")

        assert peer.read_to_end().count(b"HTTP/1.1") == 1
