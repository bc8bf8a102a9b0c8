"""A recording tells the same as a device that was there."""

import json

import pytest

from goldenpath.protocol import AgentCompleted, AgentStarted, TextDelta, UserMessage
from goldenpath.protocol._codec import encode_frame
from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._frames import (
    EventFrame,
    Hello,
    Limits,
    Person,
    Result,
    Send,
    Snapshot,
    SnapshotState,
    Welcome,
)
from goldenpath.testing import Evidence, read_record, violations

LOG = "thread:t"
LIMITS = Limits(frame_bytes=1, message_bytes=1, frames_per_second=1.0, frames_burst=1)
WELCOME = Welcome(
    connection="c",
    user=Person(id="u", name="ann"),
    log="user:u",
    cursors={},
    heartbeat_every=1.0,
    silent_after=1.0,
    limits=LIMITS,
    expires_in=1.0,
    server_time=1.0,
)
EVENTS = [
    EventFrame(
        log=LOG, epoch="e", incarnation="i", number=number, time=1.0, event=event,
        run=None if number == 1 else "r",
    )
    for number, event in enumerate(
        [
            UserMessage(text="hi", client_message_id="m"),
            AgentStarted(agent="a", message=1),
            TextDelta(text="yes"),
            AgentCompleted(text="yes", length=3, duration=0.1),
        ],
        1,
    )
]  # fmt: skip
START = Snapshot(log=LOG, cursor=Cursor("e", "", 0), why="new", state=SnapshotState())
SENT = Result(id="1", thread="t", number=1, client_message_id="m", run="r")


class Writer:
    """Writes a recording, as a proxy does."""

    def __init__(self, path):
        self.path = path
        path.touch()

    def note(self, what, connection, **fields):
        line = json.dumps({"at": 1.0, "what": what, "connection": connection, **fields})
        with self.path.open("a") as file:
            file.write(line + "\n")

    def opened(self, connection, device):
        self.note("opened", connection, websocket=True)
        self.up(connection, Hello(device=device))
        self.down(connection, WELCOME)

    def up(self, connection, frame):
        self._frame(connection, "up", frame)

    def down(self, connection, *frames):
        for frame in frames:
            self._frame(connection, "down", frame)

    def _frame(self, connection, direction, frame):
        data = encode_frame(frame).decode()
        self.note("message", connection, direction=direction, kind="text", data=data)


@pytest.fixture
def writer(tmp_path):
    return Writer(tmp_path / "record.jsonl")


def test_a_device_is_one_witness_over_all_its_connections(writer):
    writer.opened(0, "phone")
    writer.up(0, Send(id="1", client_message_id="m", text="hi"))
    writer.down(0, SENT, START, *EVENTS[:2])
    writer.note("closed", 0)
    writer.opened(1, "phone")
    writer.down(1, *EVENTS[2:])
    found = read_record(writer.path, readable={"ann": [LOG]})

    (witness,) = found.witnesses
    assert (witness.name, witness.acknowledged) == ("phone", [SENT])
    assert found.open_connections == 1
    assert violations(found.witnesses, {LOG: EVENTS}) == []


def test_what_a_device_was_not_sent_is_missed_in_a_recording_too(writer):
    writer.opened(0, "phone")
    writer.down(0, START, *EVENTS[:3])
    found = read_record(writer.path, readable={"ann": [LOG]})

    assert violations(found.witnesses, {LOG: EVENTS}) == [
        "I3: phone is at 3 of 4 in thread:t"
    ]


def test_what_a_user_may_not_read_is_found_in_a_recording(writer):
    writer.opened(0, "phone")
    writer.down(0, EVENTS[0])
    found = read_record(writer.path)

    assert violations(found.witnesses, {}) == ["I4: phone was sent thread:t"]


def test_a_result_of_something_else_is_no_acknowledgement(writer):
    writer.opened(0, "phone")
    writer.down(0, Result(id="2"))

    assert read_record(writer.path).witnesses[0].acknowledged == []


def test_close_codes_of_servers_are_told(writer):
    writer.opened(0, "phone")
    writer.note("message", 0, direction="up", kind="close", code=1011, data="")
    writer.note("message", 0, direction="down", kind="close", code=1011, data="")
    found = read_record(writer.path)

    assert found.close_codes == [1011]
    evidence = Evidence(close_codes=found.close_codes)
    assert violations([], {}, evidence=evidence)[0].startswith("I9")


def test_what_is_no_frame_does_no_harm(writer):
    writer.note("opened", 0, websocket=True)
    for data in ("no frame", '{"frame": "newer"}', "[]"):
        writer.note("message", 0, direction="up", kind="text", data=data)
    writer.note("message", 0, direction="down", kind="text", data='{"frame": "newer"}')
    writer.note("instance", 0, instance=1, state="ready")

    assert read_record(writer.path).witnesses == []
