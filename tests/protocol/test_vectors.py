"""The cases that Python and TypeScript share; see tests/vectors/README.md."""

import json
from pathlib import Path

import msgspec
import pytest

from goldenpath.errors import RemoteProtocolError
from goldenpath.protocol._close_codes import CLOSE_RULES
from goldenpath.protocol._codec import (
    decode_client_frame,
    decode_server_frame,
    encode_frame,
)
from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._events import EVENT_TYPES
from goldenpath.protocol._frames import AnyClientFrame, AnyServerFrame, Snapshot
from goldenpath.protocol._replica import Applied, Replica
from goldenpath.protocol._transcript import Transcript

FOLDER = Path(__file__).parent.parent / "vectors"


def load(name):
    return json.loads((FOLDER / name).read_text("utf-8"))


def named(cases):
    return [pytest.param(case, id=case["name"]) for case in cases]


FRAMES = load("frames.json")
TRANSCRIPTS = load("transcript.json")
REPLICAS = load("replica.json")


def read(case):
    if case["direction"] == "server":
        return decode_server_frame(case["json"])
    return decode_client_frame(
        case["json"], max_bytes=FRAMES["max_bytes"], max_depth=FRAMES["max_depth"]
    )


def frame(fields):
    return decode_server_frame(json.dumps(fields))


@pytest.mark.parametrize("case", named(FRAMES["cases"]))
def test_a_frame_is_read_as_it_says(case):
    if "error" in case:
        with pytest.raises(RemoteProtocolError) as caught:
            read(case)
        assert caught.value.code == case["error"]
        assert caught.value.request == case.get("request")
    elif case["normal"] is None:
        assert read(case) is None
    else:
        assert json.loads(encode_frame(read(case))) == case["normal"]


@pytest.mark.parametrize("case", named(TRANSCRIPTS))
def test_events_show_the_items_that_it_says(case):
    transcript = Transcript()
    for fields in case["events"]:
        transcript.apply(frame(fields))

    assert json.loads(transcript.as_json()) == case["items"]


@pytest.mark.parametrize("case", named(REPLICAS))
def test_a_device_does_what_it_says(case):
    replica = Replica(case["log"])
    if case["start"] is not None:
        replica.cursor = Cursor(**case["start"])
    for step in case["steps"]:
        received = frame(step["frame"])
        if isinstance(received, Snapshot):
            replica.snapshot(received)
            found = "replaced"
        else:
            found = replica.event(received).value
        cursor = None if replica.cursor is None else msgspec.to_builtins(replica.cursor)
        assert (found, cursor) == (step["expected"], step["cursor"])

    assert json.loads(replica.transcript.as_json()) == case["items"]
    assert replica.before == case["before"]
    assert list(msgspec.to_builtins(replica.threads)) == case["threads"]


def test_the_close_codes_are_the_table():
    assert load("close_codes.json") == [
        {
            "code": int(code),
            "name": code.name.lower(),
            "come_back": rule.come_back.value,
            "meaning": rule.meaning,
        }
        for code, rule in CLOSE_RULES.items()
    ]


def test_every_kind_of_frame_and_event_has_a_case():
    """A new one without a case would be tested in one language only."""
    normal = [case.get("normal") or {} for case in FRAMES["cases"]]
    kinds = [*AnyClientFrame.__args__, *AnyServerFrame.__args__]

    assert {fields.get("frame") for fields in normal} >= {
        kind.__struct_config__.tag for kind in kinds
    }
    assert {fields.get("event", {}).get("type") for fields in normal} >= set(
        EVENT_TYPES
    )
    found = {step["expected"] for case in REPLICAS for step in case["steps"]}
    assert found == {"replaced", *(outcome.value for outcome in Applied)}


@pytest.mark.parametrize("cases", [FRAMES["cases"], TRANSCRIPTS, REPLICAS])
def test_no_two_cases_have_the_same_name(cases):
    names = [case["name"] for case in cases]
    assert len(set(names)) == len(names)
