"""What a front end makes of a request's head."""

import pytest

from emulator._heads import (
    HEAD_BYTES,
    AnswerHead,
    HeadError,
    handed_on,
    read_head,
    refusal,
)

TRACE = "0123456789abcdef" * 2


def head(*lines, first="GET /ws HTTP/1.1", rest=b""):
    text = "\r\n".join([first, "Host: chat.example", *lines])
    return read_head(text.encode("latin-1") + b"\r\n\r\n" + rest)


def handed(*lines, strip=(), first="GET /ws HTTP/1.1"):
    """Return the lines that an instance is sent, by name."""
    text = handed_on(
        head(*lines, first=first), peer="10.1.1.1", trace=TRACE, strip=strip
    )
    start, *rest = text.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    found = {}
    for line in rest:
        name, _, value = line.partition(": ")
        found.setdefault(name, []).append(value)
    return start, found


UPGRADE = ("Connection: keep-alive, Upgrade", "Upgrade: WebSocket")


def test_a_head_is_read_once_it_is_whole():
    data = b"GET /a?b HTTP/1.1\r\nHost: x\r\nX-Long: 1\r\n\r\n"
    for size in range(len(data)):
        assert read_head(data[:size]) is None

    found = read_head(data + b"early")

    assert (found.method, found.target, found.rest) == ("GET", "/a?b", b"early")


@pytest.mark.parametrize(
    ("data", "status"),
    [
        (b"nonsense\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n", 400),
        (b"GET / HTTP/1.1\r\nHost: a\r\nX: " + b"x" * HEAD_BYTES, 431),
    ],
)
def test_what_is_no_head_is_refused(data, status):
    with pytest.raises(HeadError) as refused:
        read_head(data)

    assert refused.value.status == status


def test_names_come_in_lower_case_and_values_as_they_were():
    _, found = handed("X-CamelCase: VaLue")

    assert found["x-camelcase"] == ["VaLue"]
    assert found["host"] == ["chat.example"]


def test_hop_by_hop_headers_stay_behind_except_the_upgrade_pair():
    start, found = handed(
        *UPGRADE, "Keep-Alive: 5", "TE: trailers", "Connection: X-Mine", "X-Mine: 1"
    )

    assert start == "GET /ws HTTP/1.1"
    assert found["connection"] == ["Upgrade"]
    assert found["upgrade"] == ["websocket"]
    assert not {"keep-alive", "te", "x-mine"} & found.keys()


def test_a_plain_request_has_its_connection_to_itself():
    _, found = handed("Connection: keep-alive", "Upgrade: h2c")

    assert found["connection"] == ["close"]
    assert "upgrade" not in found


def test_the_front_end_says_who_came_and_how():
    _, found = handed()

    assert found["x-forwarded-for"] == ["10.1.1.1"]
    assert found["x-forwarded-proto"] == ["https"]
    assert found["forwarded"] == ['for="10.1.1.1";proto=https']
    assert found["via"] == ["1.1 emulator"]
    assert found["traceparent"] == [f"00-{TRACE}-{TRACE[:16]}-01"]
    assert found["x-cloud-trace-context"] == [f"{TRACE}/1;o=1"]


def test_what_a_client_claims_stands_in_front():
    """So that a server that believes the first of a list believes the client."""
    _, found = handed(
        "X-Forwarded-For: 1.2.3.4",
        "X-Forwarded-For: 5.6.7.8",
        "X-Forwarded-Proto: http",
        "traceparent: mine",
    )

    assert found["x-forwarded-for"] == ["1.2.3.4, 5.6.7.8, 10.1.1.1"]
    assert found["x-forwarded-proto"] == ["http", "https"]
    assert found["traceparent"][0] == "mine"


def test_several_offers_of_subprotocols_become_one():
    _, found = handed("Sec-WebSocket-Protocol: a", "Sec-WebSocket-Protocol: b, c")

    assert found["sec-websocket-protocol"] == ["a, b, c"]


def test_a_front_end_may_take_headers_away():
    _, found = handed("Authorization: Bearer x", strip=("authorization", "via"))

    assert "authorization" not in found
    # What it adds itself it does not take away.
    assert found["via"] == ["1.1 emulator"]


@pytest.mark.parametrize(
    ("lines", "wanted"),
    [
        (UPGRADE, True),
        (("Connection: upgrade", "Upgrade: h2c"), False),
        (("Upgrade: websocket",), False),
        (("Connection: close", "Upgrade: websocket"), False),
    ],
)
def test_an_upgrade_needs_both_headers(lines, wanted):
    assert head(*lines).wants_upgrade is wanted


def test_a_cookie_is_found_among_others():
    found = head("Cookie: a=1; b=2", "Cookie: c=3")

    assert [found.cookie(name) for name in "abcd"] == ["1", "2", "3", None]


@pytest.mark.parametrize("size", [1, 3, 1000])
def test_a_header_is_added_to_an_answer_whatever_its_pieces(size):
    answer = b"HTTP/1.1 200 OK\r\na: b\r\n\r\nbody\r\n\r\nmore"
    editing = AnswerHead(b"set-cookie: x=1")
    pieces = [answer[at : at + size] for at in range(0, len(answer), size)]

    edited = b"".join(editing.edit(piece) for piece in pieces)

    assert edited == (
        b"HTTP/1.1 200 OK\r\na: b\r\nset-cookie: x=1\r\n\r\nbody\r\n\r\nmore"
    )


def test_an_answer_without_an_addition_is_left_alone():
    assert AnswerHead(b"").edit(b"HT") == b"HT"


def test_a_refusal_says_when_to_come_back():
    assert b"retry-after: 1\r\n" in refusal(503, "later", retry_after=1)
    assert b"retry-after" not in refusal(400, "never")
