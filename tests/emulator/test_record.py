"""What passes by is written down, with its place."""

import struct

import pytest

from emulator._record import ConnectionRecord, Record
from tests.support.raw import BINARY, CLOSE, frame

UPGRADED = b"HTTP/1.1 101 Switching\r\nupgrade: websocket\r\n\r\n"
ASKED = b"GET /ws HTTP/1.1\r\nhost: x\r\n\r\n"


@pytest.fixture
def record(tmp_path):
    record = Record(tmp_path / "record.jsonl")
    yield record
    record.close()


@pytest.fixture
def connection(record):
    return ConnectionRecord(record, connection=7, instance=2)


def messages(record):
    return [
        (line["direction"], line["kind"], line["data"])
        for line in record.lines("message")
    ]


def test_messages_have_their_connection_instance_direction_and_time(record, connection):
    connection.passed("up", ASKED)
    connection.passed("down", UPGRADED + frame("hello", masked=False))
    connection.passed("up", frame("hi"))

    assert messages(record) == [("down", "text", "hello"), ("up", "text", "hi")]
    line = record.lines("message")[0]
    assert (line["connection"], line["instance"]) == (7, 2)
    assert line["at"] > 1.7e9


def test_what_a_client_sends_with_its_handshake_is_not_missed(record, connection):
    connection.passed("up", ASKED + frame("early"))
    connection.passed("down", UPGRADED)

    assert messages(record) == [("up", "text", "early")]


def test_a_close_has_its_code(record, connection):
    connection.passed("up", ASKED)
    close = frame(struct.pack("!H", 1012) + b"bye", opcode=CLOSE, masked=False)
    connection.passed("down", UPGRADED + close)

    (line,) = record.lines("message")
    assert (line["kind"], line["code"], line["data"]) == ("close", 1012, "bye")


def test_bytes_that_are_no_text_are_hexadecimal(record, connection):
    connection.passed("up", ASKED)
    connection.passed("down", UPGRADED + frame(b"\xff", opcode=BINARY))

    assert messages(record) == [("down", "binary", "ff")]


def test_a_plain_request_has_no_messages(record, connection):
    connection.passed("up", ASKED.replace(b"GET", b"POST") + b"\x81\x02ab")
    connection.passed("down", b"HTTP/1.1 200 OK\r\n\r\n\x81\x02ab")

    assert messages(record) == []
    assert [line["status"] for line in record.lines("answered")] == [200]


def test_heads_may_come_in_pieces(record, connection):
    for at in range(len(ASKED)):
        connection.passed("up", ASKED[at : at + 1])
    for at in range(len(UPGRADED)):
        connection.passed("down", UPGRADED[at : at + 1])
    connection.passed("down", frame("x"))

    assert messages(record) == [("down", "text", "x")]
