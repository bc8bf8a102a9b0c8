"""Whatever arrives, from whomever: the laws of tests/fuzz/targets.py hold."""

import struct

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from tests.fuzz import targets
from tests.fuzz.strategies import (
    damaged,
    encoded,
    http_bytes,
    json_bytes,
    sent_by_clients,
    sent_by_servers,
    websocket_bytes,
)
from tests.fuzz.targets import Mistake
from tests.fuzz.wire import serve
from tests.protocol.strategies import server_frames
from tests.support.raw import BINARY, CONTINUATION, PING, TEXT, frame


@given(sent_by_clients | st.binary())
def test_s39_whatever_a_client_sends_is_a_frame_or_refused_as_one(data):
    targets.client_frame(data)


@given(sent_by_servers | st.binary())
def test_s39_whatever_a_server_sends_is_a_frame_or_refused_as_one(data):
    targets.server_frame(data)


@given(damaged(encoded(server_frames)) | st.binary())
def test_f77_whatever_is_stored_is_an_event(data):
    targets.stored_body(data)
    targets.stored_row(data)
    targets.stored_row(struct.pack("!II", 1, len(data)) + data)


@given(damaged(json_bytes()))
@example(b'{"name":"a","password":"b","x":' + b"[" * 10_000)
@example(b'{"name":"a","password":"b","x":' + b"[" * 8000 + b"]" * 8000 + b"}")
@settings(max_examples=50)
def test_s39_whatever_is_the_body_of_a_request_is_read_or_refused(data):
    targets.request_body(data)


@given(websocket_bytes(), st.binary(min_size=1, max_size=1))
@example(frame(b"a\xff", opcode=TEXT) + frame("b"), b"\x00")
@example(frame(b"\xc3", final=False) + frame(b"\xa9", opcode=CONTINUATION), b"\x07")
@example(frame("hello") + b"\nnot a frame", b"\xff")
@example(frame(b"x" * 4096, opcode=BINARY) + frame(b"x" * 4097), b"\xff")
def test_f32_our_parser_hears_what_another_hears(data, cut):
    targets.websocket(data + cut)


@given(http_bytes(), st.binary(min_size=1, max_size=1))
def test_s41_whatever_is_no_request_ends_the_connection(data, cut):
    targets.http(data + cut)


def test_the_target_would_notice():
    """Each half of the comparison hears something, and the two can differ."""
    said = frame("one") + frame(b"two", opcode=BINARY) + frame("", opcode=PING)
    outcome = serve([targets.HEAD, said])

    assert outcome.heard == ["one", b"two"]
    assert outcome.ended == 1006
    assert targets.messages_in(said) == (["one", b"two"], Mistake.NONE)
    broken = frame("one") + b"\xff" + said
    assert targets.messages_in(broken) == (["one"], Mistake.IN_A_FRAME)
    many = frame("", opcode=PING) * 21
    assert targets.messages_in(many) == ([], Mistake.TOO_MUCH)


def test_an_error_in_the_log_would_be_noticed(monkeypatch):
    async def broken(*_):
        raise ZeroDivisionError

    monkeypatch.setattr("tests.fuzz.wire._answer", broken)
    with pytest.raises(AssertionError):
        targets.http(b"GET / HTTP/1.1\r\nHost: h\r\n\r\n\xff")
