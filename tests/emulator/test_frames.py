"""Messages are found whatever the pieces in which their bytes come."""

import struct

import pytest

from emulator._frames import Message, MessageReader
from tests.support.raw import BINARY, CLOSE, CONTINUATION, PING, frame

BYTES = b"".join(
    [
        frame("short"),
        frame("y" * 300, masked=False),
        frame("z" * 70_000),
        frame("one ", final=False),
        frame(b"between", opcode=PING),
        frame("two", opcode=CONTINUATION),
        frame(b"\xff\x00", opcode=BINARY),
        frame(struct.pack("!H", 4408) + b"too late", opcode=CLOSE),
    ]
)
MESSAGES = [
    Message("text", b"short"),
    Message("text", b"y" * 300),
    Message("text", b"z" * 70_000),
    Message("ping", b"between"),
    Message("text", b"one two"),
    Message("binary", b"\xff\x00"),
    Message("close", struct.pack("!H", 4408) + b"too late"),
]


@pytest.mark.parametrize("size", [1, 2, 7, 1000, len(BYTES)])
def test_messages_are_read_from_any_pieces(size):
    reader = MessageReader()
    found = []
    for at in range(0, len(BYTES), size):
        found += reader.feed(BYTES[at : at + size])

    assert found == MESSAGES


def test_a_close_tells_its_code():
    assert MESSAGES[-1].code == 4408
    assert Message("close", b"").code == 1005


def test_an_opcode_without_a_name_is_written_down():
    assert next(iter(MessageReader().feed(frame(b"?", opcode=0xB)))).kind == "11"
