"""Bytes that are almost right, which is where the mistakes are."""

import itertools
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


texts = st.text(max_size=6).map(str.encode)
control = st.builds(
    frame, st.binary(max_size=125), opcode=st.sampled_from([PING, PONG])
)
whole = st.builds(frame, texts, opcode=st.just(TEXT)) | st.builds(
    frame, st.binary(max_size=140), opcode=st.just(BINARY)
)
closing = st.integers(0, 5000).map(
    lambda code: frame(struct.pack("!H", code), opcode=CLOSE)
)
# Of all that a frame can be, most of it wrong.
any_frame = st.builds(
    frame,
    st.binary(max_size=140),
    opcode=st.integers(0, 15),
    final=st.booleans(),
    reserved=st.sampled_from([0, 0, 0, 1, 2, 4]),
    masked=st.sampled_from([True, True, True, False]),
    length=st.sampled_from([None, None, None, 3, 126, 70_000, 2**62]),
)


@st.composite
def fragments(draw):
    """Draw a message in fragments, perhaps with a control frame between them."""
    text = draw(st.text(min_size=2, max_size=40)).encode()
    cuts = sorted(draw(st.lists(st.integers(0, len(text)), min_size=1, max_size=4)))
    bounds = [0, *cuts, len(text)]
    pieces = [
        frame(text[a:b], opcode=CONTINUATION if a or place else TEXT, final=False)
        for place, (a, b) in enumerate(itertools.pairwise(bounds[:-1]))
    ]
    opcode = CONTINUATION if pieces else TEXT
    pieces.append(frame(text[bounds[-2] :], opcode=opcode))
    pieces.insert(draw(st.integers(0, len(pieces))), draw(control | st.just(b"")))
    return b"".join(pieces)


@st.composite
def websocket_bytes(draw):
    """Draw what a peer sends: sound at first, and then perhaps not."""
    sound = draw(st.lists(whole | control | fragments(), max_size=8))
    end = draw(st.just([]) | st.lists(any_frame | closing | whole, max_size=3))
    return b"".join((*sound, *end))


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
