import json
import time

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenpath.errors import RemoteProtocolError
from goldenpath.protocol._codec import (
    decode_client_frame,
    decode_server_frame,
    encode_frame,
    event_frame,
)
from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._events import TextDelta, Unreadable, UserMessage
from goldenpath.protocol._frames import (
    Answer,
    ClientFrame,
    EventFrame,
    Ping,
    Pong,
    Send,
    ServerFrame,
    Snapshot,
    SnapshotState,
    Welcome,
)
from tests.protocol.strategies import (
    HARD_LAW,
    client_frames,
    entry,
    server_frames,
)

ANSWER = '{"frame":"answer","id":"1","run":"r","call":"c","value":%s}'


def decode(data, *, max_bytes=256 * 1024, max_depth=16):
    return decode_client_frame(data, max_bytes=max_bytes, max_depth=max_depth)


def refusal(data, **limits):
    with pytest.raises(RemoteProtocolError) as caught:
        decode(data, **limits)
    return caught.value


def outcome(read, data):
    """The error code, or that there was none; any other exception goes up."""
    try:
        read(data)
    except RemoteProtocolError as error:
        return error.code
    return "frame"


@HARD_LAW
@given(client_frames)
def test_a_client_frame_survives_the_wire(frame: ClientFrame):
    data = encode_frame(frame)
    assert decode(data, max_depth=64) == frame
    assert decode(data.decode(), max_depth=64) == frame


@HARD_LAW
@given(server_frames)
def test_a_server_frame_survives_the_wire(frame: ServerFrame):
    data = encode_frame(frame)
    assert decode_server_frame(data) == frame
    assert decode_server_frame(data.decode()) == frame


@HARD_LAW
@given(st.binary() | st.text() | st.text(st.characters(), max_size=20))
def test_whatever_comes_from_a_client_nothing_else_is_raised(data):
    """Anything else would be an alarm that any stranger can set off."""
    assert outcome(decode, data) in {
        "frame",
        "bad_message",
        "too_deep",
        "unknown_frame",
    }
    assert outcome(decode_server_frame, data) in {"frame", "bad_message"}


@HARD_LAW
@given(client_frames | server_frames, st.data())
def test_whatever_becomes_of_a_frame_on_its_way_nothing_else_is_raised(frame, data):
    raw = bytearray(encode_frame(frame))
    for _ in range(data.draw(st.integers(1, 4))):
        at = data.draw(st.integers(0, len(raw)))
        what = data.draw(st.sampled_from(["cut", "flip", "insert", "repeat"]))
        match what:
            case "cut":
                del raw[at:]
            case "flip" if at < len(raw):
                raw[at] ^= 1 << data.draw(st.integers(0, 7))
            case "insert":
                raw[at:at] = data.draw(
                    st.sampled_from([b'"', b"\\", b"{", b"]", b"NaN", b"\\ud800", b"9"])
                )
            case "repeat":
                raw[at:at] = raw[at : at + 10]
    for read in (decode, decode_server_frame):
        assert outcome(read, bytes(raw))


@pytest.mark.parametrize("kind", [bytes, str])
@pytest.mark.parametrize("filler", ["a", "é", "😀", '\\"'])
def test_f29_a_frame_may_be_as_large_as_the_limit_and_no_larger(kind, filler):
    text = json.dumps(
        {"frame": "send", "id": "1", "client_message_id": "m", "text": filler * 9},
        ensure_ascii=False,
    )
    data, size = (text.encode() if kind is bytes else text), len(text.encode())

    assert isinstance(decode(data, max_bytes=size + 1), Send)
    assert isinstance(decode(data, max_bytes=size), Send)
    assert refusal(data, max_bytes=size - 1).code == "too_large"


def test_size_is_looked_at_first():
    """Else a stranger decides how much work a refusal is."""
    assert refusal("[" * 100, max_bytes=99).code == "too_large"


@pytest.mark.parametrize(("levels", "refused"), [(14, False), (15, False), (16, True)])
@pytest.mark.parametrize(("left", "right"), ["[]", ('{"a":', "}")])
def test_a_frame_may_be_as_deep_as_the_limit_and_no_deeper(
    left, right, levels, refused
):
    """The frame itself is the first level."""
    data = ANSWER % (left * levels + "1" + right * levels)
    if refused:
        assert refusal(data, max_depth=16).code == "too_deep"
    else:
        assert isinstance(decode(data, max_depth=16), Answer)


@pytest.mark.parametrize("left", ["[", '{"a":', '[{"a":'])
def test_f33_a_bomb_of_brackets_is_refused_without_reading_it(left):
    assert refusal(left * 30_000).code == "too_deep"
    assert refusal(ANSWER % (left * 30_000)).code == "too_deep"


def test_a_bomb_within_a_generous_limit_is_refused_all_the_same():
    """The decoder has a limit of its own, and says so in its own way."""
    data = ANSWER % ("[" * 100_000 + "]" * 100_000)
    assert refusal(data, max_bytes=10**6, max_depth=10**6).code == "bad_message"


@pytest.mark.parametrize(
    "text", ["[" * 40, "\\\\", '\\"' + "{" * 40, "\\\\\\" + '"' + "[" * 40]
)
def test_brackets_in_a_text_are_not_depth(text):
    assert decode(ANSWER % f'"{text}"') == Answer(
        id="1", run="r", call="c", value=json.loads(f'"{text}"')
    )


def test_a_wide_frame_is_not_deep():
    assert isinstance(decode(ANSWER % f"[{'[],' * 1000}[]]"), Answer)


def test_s39_a_frame_far_too_wide_is_refused_as_if_it_were_deep():
    """Each array costs time to make, and ten thousand of them are no form."""
    assert isinstance(decode(ANSWER % f"[{'[],' * 8000}[]]"), Answer)
    assert refusal(ANSWER % f"[{'[],' * 9000}[]]").code == "too_deep"
    # In a text they are letters.
    assert isinstance(decode(ANSWER % f'"{"[]" * 20_000}"'), Answer)


@pytest.mark.parametrize(
    "raw",
    [
        b"[],[" * 65_536,
        b'{"a":"' + b"\\" * 262_000,
        b'"[' * 131_072,
        b'["' + b"a" * 262_000,
    ],
)
def test_the_largest_frame_is_read_in_little_time(raw):
    """Quadratic work on a quarter of a megabyte would take minutes."""
    started = time.perf_counter()
    refusal(raw)
    assert time.perf_counter() - started < 1.0


@pytest.mark.parametrize(
    "value",
    [
        "NaN",
        "Infinity",
        "-Infinity",
        "1e999",
        "9" * 5000,
        "01",
        "+1",
        "tru",
        "'a'",
        '"\\ud800"',
        '"\\ud83d oops and more"',
        '"\\udc00\\ud83d and more"',
        '"\t"',
        "[1,]",
        "",
    ],
)
def test_f33_what_is_not_json_is_refused(value):
    assert refusal(ANSWER % value).code == "bad_message"


def test_half_a_surrogate_pair_is_refused_in_a_str_too():
    """What was let in here could never be written into a log."""
    assert refusal(ANSWER % '"\ud800"').code == "bad_message"


def test_bytes_that_are_not_utf_8_are_refused():
    assert refusal((ANSWER % '"\xff"').encode("latin-1")).code == "bad_message"


def test_the_last_of_duplicate_keys_counts():
    data = '{"frame":"send","id":"1","client_message_id":"m","text":"a","text":"b"}'
    assert decode(data) == Send(id="1", client_message_id="m", text="b")


def test_two_kinds_at_once_are_refused():
    assert refusal('{"frame":"pong","frame":"hello"}').code == "bad_message"
    assert refusal('{"frame":"pong","frame":"dance"}').code == "unknown_frame"


@pytest.mark.parametrize(
    ("data", "code", "request_id"),
    [
        ('{"frame":"dance","id":"7"}', "unknown_frame", "7"),
        ('{"frame":"dance"}', "unknown_frame", None),
        ('{"frame":"dance","id":7}', "unknown_frame", None),
        ('{"frame":"welcome","id":"7"}', "unknown_frame", "7"),
        ('{"frame":"send","id":"7"}', "bad_message", "7"),
        ('{"frame":null,"id":"7"}', "bad_message", "7"),
        ('{"id":"7"}', "bad_message", "7"),
        ('{"id":"7"', "bad_message", None),
        (f'{{"frame":"retry","id":"{"7" * 64}"}}', "bad_message", "7" * 64),
        (f'{{"frame":"retry","id":"{"7" * 65}"}}', "bad_message", None),
    ],
)
def test_a_refusal_says_which_request_it_was(data, code, request_id):
    error = refusal(data)
    assert (error.code, error.request) == (code, request_id)


def test_a_refusal_names_the_kind_but_not_all_of_it():
    error = refusal(json.dumps({"frame": "x" * 1000}))
    assert str(error) == f"no frame is called '{'x' * 40}'"


def test_unknown_fields_of_a_client_are_ignored():
    assert decode('{"frame":"pong","colour":{"of":["the",{"sky":1}]}}') == Pong()


def test_an_unknown_kind_from_the_server_is_none():
    """So that an old client survives a new server."""
    assert decode_server_frame('{"frame":"confetti"}') is None
    assert decode_server_frame(b'{"frame":"confetti","id":7}') is None


@pytest.mark.parametrize(
    "data",
    [
        "Bad Gateway",
        "",
        "{}",
        "[]",
        '{"frame":7}',
        '{"frame":"live"}',
        '{"frame":"event"}',
        '{"frame":"snapshot","log":"l"}',
        '{"frame":"welcome","connection":1}',
        "[" * 100_000,
        '{"frame":"live","x":' + "[" * 100_000,
        b"\xff",
        "\ud800",
    ],
)
def test_what_is_no_frame_of_a_server_is_refused(data):
    with pytest.raises(RemoteProtocolError) as caught:
        decode_server_frame(data)

    assert caught.value.code == "bad_message"


EVENT = {
    "frame": "event",
    "log": "thread:t",
    "epoch": "e",
    "incarnation": "i",
    "first": 6,
    "number": 7,
    "time": 1.5,
    "run": "r",
}


@pytest.mark.parametrize(
    ("event", "original"),
    [
        ({"type": "agent_danced", "steps": 3}, "agent_danced"),
        ({"type": "text_delta", "text": 5}, "text_delta"),
        ({"type": 5}, ""),
        ({}, ""),
    ],
)
def test_f60_an_event_that_cannot_be_read_keeps_its_place(event, original):
    """Its number has to be applied, or the reader would ask for it for ever."""
    expected = EventFrame(
        log="thread:t",
        epoch="e",
        incarnation="i",
        first=6,
        number=7,
        time=1.5,
        run="r",
        event=Unreadable(original=original),
    )
    frame = decode_server_frame(json.dumps({**EVENT, "event": event}))

    assert frame == expected


def test_f60_an_event_that_cannot_be_read_does_not_spoil_its_snapshot():
    """A device that ignored the snapshot would wait for it for ever."""
    state = {
        "events": [
            {**EVENT, "event": {"type": "agent_danced"}},
            {
                **EVENT,
                "first": 8,
                "number": 8,
                "event": {"type": "text_delta", "text": "a"},
            },
        ],
        "before": 6,
        "threads": [{"id": "t", "title": "T", "created_at": 1, "updated_at": 2}],
        "more": True,
    }
    cursor = {"epoch": "e", "incarnation": "i", "number": 8}
    frame = decode_server_frame(
        json.dumps(
            {"frame": "snapshot", "log": "l", "cursor": cursor, "why": "new"}
            | {"state": state}
        )
    )

    assert isinstance(frame, Snapshot)
    assert (frame.log, frame.why, frame.cursor) == ("l", "new", Cursor("e", "i", 8))
    assert (frame.state.before, frame.state.more) == (6, True)
    assert frame.state.threads[0].title == "T"
    assert [event.event for event in frame.state.events] == [
        Unreadable(original="agent_danced"),
        TextDelta(text="a"),
    ]


def test_an_entry_becomes_a_frame_with_its_place():
    message = UserMessage(text="Hi", client_message_id="m")
    assert event_frame(entry(7, message, run=None)) == EventFrame(
        log="thread:t",
        epoch="e",
        incarnation="i",
        number=7,
        time=7.0,
        event=message,
    )
    assert event_frame(entry(7, first=5)).first == 5
    assert event_frame(entry(7)).run == "r"


def test_a_frame_is_one_json_object_with_its_kind_first():
    """For whoever reads a recording of the wire."""
    assert encode_frame(Ping(heads={})) == b'{"frame":"ping","heads":{}}'
    fields = msgspec.json.decode(
        encode_frame(
            Snapshot(
                log="l", cursor=Cursor("e", "i", 1), why="new", state=SnapshotState()
            )
        )
    )
    assert next(iter(fields)) == "frame"
    assert Welcome.__struct_config__.tag_field == "frame"
