"""Bytes that are almost right, which is where the mistakes are."""

import json
import struct

from hypothesis import strategies as st

from tests.protocol.strategies import client_frames, server_frames
from tests.support.raw import BINARY, CLOSE, CONTINUATION, PING, PONG, TEXT, frame

# What JSON is made of, and what it is not.
TOKENS = [
    *(
        b"{",
        b"}",
        b"[",
        b"]",
        b":",
        b",",
        b'"',
        b"\\",
        b"null",
        b"true",
        b"-",
        b"1e999",
    ),
    *(b'"frame":', b'"id":', b'"event":', b'"type":', b'"state":', b'"snapshot"'),
    *(
        b"\\ud800",
        b"\xff",
        b"\xed\xa0\x80",
        b"\x00",
        b"\n",
        b"NaN",
        b"9" * 40,
        b"[" * 40,
    ),
]


@st.composite
def damaged(draw, sound):
    """Draw something sound and change a few places of it."""
    data = bytearray(draw(sound))
    for _ in range(draw(st.integers(0, 4))):
        at = draw(st.integers(0, len(data)))
        end = min(len(data), at + draw(st.integers(0, 8)))
        data[at:end] = draw(
            st.sampled_from(TOKENS)
            | st.binary(max_size=4)
            | st.just(bytes(data[at:end]) * 2)
        )
    return bytes(data)


def encoded(frames):
    """Return a strategy for frames as they are sent."""
    from goldenpath.protocol._codec import encode_frame

    return frames.map(encode_frame)


sent_by_clients = damaged(encoded(client_frames))
sent_by_servers = damaged(encoded(server_frames))


@st.composite
def websocket_bytes(draw):
    """Draw frames of which most follow the protocol, and some do not."""
    opcodes = st.sampled_from([TEXT, BINARY, CONTINUATION, PING, PONG, CLOSE, 0x3, 0xB])
    texts = st.text(max_size=5).map(str.encode) | st.binary(max_size=140)
    closes = st.integers(0, 5000).map(lambda code: struct.pack("!H", code))
    frames = []
    for _ in range(draw(st.integers(0, 8))):
        if draw(st.integers(0, 3)) == 0:
            frames += draw(fragments(texts))
            continue
        opcode = draw(opcodes)
        payload = draw(closes | texts if opcode == CLOSE else texts)
        if draw(st.integers(0, 30)) == 0:
            payload *= 40
        frames.append(
            frame(
                payload,
                opcode=opcode,
                final=draw(st.integers(0, 2)) > 0,
                reserved=draw(st.sampled_from([0] * 20 + [1, 2, 4])),
                masked=draw(st.integers(0, 20)) > 0,
                length=draw(st.sampled_from([None] * 20 + [3, 126, 70_000, 2**62])),
            )
        )
    return b"".join(frames)


@st.composite
def fragments(draw, texts):
    """Draw a message in fragments, as it should be, with control frames between."""
    pieces = draw(st.lists(texts, min_size=2, max_size=4))
    kinds = [draw(st.sampled_from([TEXT, BINARY]))] + [CONTINUATION] * len(pieces)
    last = len(pieces) - 1
    pieces = [
        frame(piece, opcode=kinds[place], final=place == last)
        for place, piece in enumerate(pieces)
    ]
    if draw(st.booleans()):
        pieces.insert(1, frame(b"", opcode=PING))
    return pieces


PIECES = [
    b"GET / HTTP/1.1", b"POST /login HTTP/1.1", b"GET /ws HTTP/1.1", b"GET  / HTTP/1.1",
    b"GET / HTTP/1.0", b"PRI * HTTP/2.0", b"HTTP/1.1 200 OK", b"\r\n", b"\n", b"\r",
    b"Host: h", b"Content-Length: 3", b"Content-Length: -1", b"Content-Length: 9" * 9,
    b"Transfer-Encoding: chunked", b"Transfer-Encoding: gzip", b"3\r\nabc\r\n0\r\n\r\n",
    b"Connection: Upgrade", b"Upgrade: websocket", b"Sec-WebSocket-Version: 13",
    b"Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==", b"Connection: close", b" folded",
    b"Expect: 100-continue", b"X:" + b"x" * 5000, b": ", b"\x00", b"\xff", b"abc",
    b"\x81\x85abcdabcde",
]  # fmt: skip


@st.composite
def http_bytes(draw):
    """Draw lines of heads in any order, most of them ended as they should be."""
    lines = draw(st.lists(st.sampled_from(PIECES) | st.binary(max_size=6), max_size=14))
    ends = st.sampled_from([b"\r\n"] * 8 + [b"\n", b"", b"\r\n\r\n", b"\r\n "])
    return b"".join(line + draw(ends) for line in lines) + draw(
        st.sampled_from([b"\r\n\r\n", b"", b"\r\n"])
    )


@st.composite
def json_bytes(draw):
    """Draw JSON of a shape that somebody may have hoped for."""
    names = st.sampled_from(["name", "password", "title", "frame", "id", "x"])
    values = st.recursive(
        st.none() | st.booleans() | st.integers() | st.text(max_size=8),
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(names, inner, max_size=4)
        ),
    )
    return json.dumps(draw(st.dictionaries(names, values, max_size=5))).encode()
