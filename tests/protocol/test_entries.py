import dataclasses
import json

import msgspec
import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from goldenpath.protocol._codec import decode_server_frame, event_frame
from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._entries import (
    Body,
    Hint,
    Page,
    decode_body,
    encode_body,
    pack,
    unpack,
)
from goldenpath.protocol._events import TextDelta, Unreadable
from tests.protocol.strategies import HARD_LAW, LAW, entry, events

times = st.integers(0, 2**40).map(lambda milliseconds: milliseconds / 1000)


@LAW
@given(events, times, st.none() | st.text(min_size=1, max_size=9))
def test_what_is_stored_is_read_again(event, time, run):
    assert decode_body(encode_body(event, time=time, run=run)) == Body(
        time=time, event=event, run=run
    )


@LAW
@given(events, st.none() | st.text(min_size=1, max_size=9), st.text(max_size=9))
def test_the_frame_that_is_sent_is_the_frame_that_would_be_encoded(event, run, log):
    """It is put together from bytes, so that an event is encoded once."""
    item = entry(7, event, run=run, log=log)
    assert decode_server_frame(item.frame) == event_frame(item)


def test_an_event_is_encoded_once():
    item = entry(7)
    assert item.frame is item.frame
    assert item.frame.endswith(item.body[1:])
    assert item.decoded is item.decoded


def test_an_entry_knows_its_place():
    item = entry(7, first=5)
    assert item.cursor == Cursor("e", "i", 7)
    assert item.type == "text_delta"
    assert item.run == "r"
    assert repr(item) == "<Entry thread:t 5..7 text_delta>"
    assert json.loads(item.frame)["first"] == 5
    assert "first" not in json.loads(entry(7).frame)


POISON = [
    b"",
    b"{}",
    b"{",
    b"null",
    b"\xff\xfe",
    b'{"time":1.0}',
    b'{"time":"x","event":{"type":"text_delta","text":"a"}}',
    b'{"time":1.0,"event":null}',
    b'{"time":1.0,"event":{}}',
    b'{"time":1.0,"event":{"type":5}}',
    b'{"time":1.0,"event":{"type":"text_delta"}}',
    b'{"time":1.0,"event":{"type":"text_delta","text":"\xff"}}',
    b'{"time":1.0,"event":{"type":"tool_completed","call":"c","duration":null}}',
    b'{"time":1.0,"run":7,"event":{"type":"text_delta","text":"a"}}',
    b'{"time":1.0,"event":{"type":"text_delta","text":' + b"[" * 100_000,
    b' {"time":1.0,"event":{"type":"agent_danced"}}',
    b'{"event":{"type":"agent_danced"}}',
]


@pytest.mark.parametrize("body", POISON)
def test_f77_a_poisoned_entry_is_unreadable_here_and_on_the_wire(body):
    """One bad byte on disk must not make a thread unreadable for everybody."""
    item = entry(7, body=body)

    assert isinstance(item.event, Unreadable)
    assert item.type == "unreadable"
    frame = decode_server_frame(item.frame)
    assert frame == event_frame(item)
    assert (frame.first or frame.number, frame.number) == (7, 7)


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        (
            b'{"time":1.5,"run":"r","event":{"type":"text_delta","text":5}}',
            Body(time=1.5, run="r", event=Unreadable(original="text_delta")),
        ),
        (b"{}", Body(time=0.0, event=Unreadable())),
        (b"x", Body(time=0.0, event=Unreadable())),
    ],
)
def test_f77_what_can_be_read_of_a_poisoned_entry_is_kept(body, expected):
    assert decode_body(body) == expected


@HARD_LAW
@given(st.binary(max_size=60) | events.map(lambda event: encode_body(event, time=1.0)))
@example(b' {"time":1,"event":{"type":"text_delta","text":"a"}}')
def test_f77_whatever_is_stored_a_frame_of_its_place_comes_out(body):
    item = entry(7, body=body)
    frame = decode_server_frame(item.frame)
    assert frame is not None
    assert (frame.log, frame.number) == ("thread:t", 7)


def test_f77_bad_bytes_in_a_field_that_nobody_reads_do_not_reach_the_wire():
    """A text message that is not UTF-8 ends the connection of everybody who reads."""
    body = b'{"time":1.0,"x":"\xff","event":{"type":"text_delta","text":"a"}}'
    item = entry(7, body=body)

    assert item.event == TextDelta(text="a")
    assert decode_server_frame(item.frame.decode()) == event_frame(item)


def test_f60_a_type_from_a_newer_process_goes_to_the_clients_as_it_is():
    """This process does not know it; a client may."""
    body = b'{"time":1.000,"run":"r","event":{"type":"agent_danced","steps":3}}'
    item = entry(7, body=body)

    assert item.event == Unreadable(original="agent_danced")
    assert json.loads(item.frame)["event"] == {"type": "agent_danced", "steps": 3}


@LAW
@given(st.lists(st.tuples(st.integers(1, 2**32 - 1), st.binary(max_size=40))))
def test_what_is_packed_is_unpacked(items):
    assert unpack(pack(items)) == items


@LAW
@given(st.lists(st.binary(min_size=1, max_size=9), min_size=1), st.data())
def test_f77_a_pack_that_was_cut_short_spoils_only_its_end(bodies, data):
    packed = pack((1, body) for body in bodies)
    cut = data.draw(st.integers(0, len(packed) - 1))
    items = unpack(packed[:cut])

    assert len(items) <= len(bodies)
    assert items[:-1] == [(1, body) for body in bodies][: max(0, len(items) - 1)]


@LAW
@given(st.lists(events, min_size=1, max_size=6), st.data())
def test_f77_a_poisoned_body_in_a_pack_spoils_only_itself(several, data):
    bodies = [encode_body(event, time=1.0) for event in several]
    bad = data.draw(st.integers(0, len(bodies) - 1))
    poisoned = list(bodies)
    poisoned[bad] = data.draw(st.binary(max_size=20))
    found = [decode_body(body) for _, body in unpack(pack((1, b) for b in poisoned))]

    assert isinstance(found[bad].event, Unreadable)
    del found[bad], several[bad]
    assert [body.event for body in found] == several


def test_a_time_is_kept_to_the_millisecond():
    body = encode_body(TextDelta(text="a"), time=1700000000.123456)
    assert json.loads(body)["time"] == 1700000000.123


def test_what_json_cannot_say_is_refused_before_it_is_stored():
    with pytest.raises(UnicodeEncodeError):
        encode_body(TextDelta(text="\ud800"), time=1.0)


def test_a_page_and_a_hint_are_values():
    page = Page(log="l", epoch="e", incarnation="i", head=0, entries=())
    hint = Hint(log="l", epoch="e", incarnation="i", first=1, last=1)

    assert page.is_valid
    assert hint.entries == ()
    with pytest.raises(dataclasses.FrozenInstanceError):
        hint.last = 2  # type: ignore[misc]


def test_the_body_of_a_delta_is_as_short_as_it_can_be():
    """It is written to disk and to every reader."""
    body = encode_body(TextDelta(text="a", offset=3), time=1.0, run="r")
    assert body == (
        b'{"time":1.000,"run":"r","event":{"type":"text_delta","text":"a","offset":3}}'
    )
    assert msgspec.json.decode(body)["run"] == "r"
