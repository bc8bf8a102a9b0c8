import re

import msgspec
import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenpath.protocol._events import (
    EVENT_TYPES,
    RUN_ENDS,
    AnyEvent,
    Event,
    TextDelta,
    ToolCompleted,
    event_type,
    utf16_length,
)
from tests.protocol.strategies import LAW, events

VOCABULARY = """
    user_message agent_started agent_thinking text_delta tool_executing tool_progress
    tool_completed input_requested input_received agent_completed agent_failed
    agent_cancelled agent_interrupted thread_created thread_renamed thread_deleted
    run_queued run_started run_ended session_revoked unreadable
"""


def test_the_vocabulary_is_fixed():
    """A word that is added or renamed is a change of the wire."""
    assert list(EVENT_TYPES) == VOCABULARY.split()


@pytest.mark.parametrize(("name", "kind"), EVENT_TYPES.items())
def test_a_type_is_its_class_name_in_snake_case(name, kind):
    assert re.sub(r"(?<!^)(?=[A-Z])", "_", kind.__name__).lower() == name
    assert kind.__doc__


def test_every_class_of_event_is_in_the_union():
    """What is missing there would be stored, and be unreadable for ever."""
    assert set(Event.__subclasses__()) == set(AnyEvent.__args__)


def test_a_run_has_four_ends():
    assert sorted(RUN_ENDS.values()) == [
        "cancelled",
        "completed",
        "failed",
        "interrupted",
    ]
    assert all(event_name == f"agent_{state}" for event_name, state in _ends())


def _ends():
    return [(kind.__struct_config__.tag, state) for kind, state in RUN_ENDS.items()]


@LAW
@given(events)
def test_an_event_survives_the_wire(event):
    data = msgspec.json.encode(event)
    assert msgspec.json.decode(data, type=AnyEvent) == event
    assert msgspec.json.decode(data)["type"] == event_type(event)


def test_a_default_is_not_written():
    """A delta is the most frequent event there is."""
    assert msgspec.json.encode(TextDelta(text="a")) == (
        b'{"type":"text_delta","text":"a"}'
    )


def test_an_unknown_field_is_ignored():
    event = msgspec.json.decode(
        b'{"type":"tool_completed","call":"c","duration":1,"colour":"blue"}',
        type=AnyEvent,
    )
    assert event == ToolCompleted(call="c", duration=1.0)


def test_an_event_cannot_be_changed():
    """Its bytes are stored already when somebody holds it."""
    with pytest.raises(AttributeError):
        TextDelta(text="a").text = "b"  # type: ignore[misc]


@LAW
@given(st.text())
def test_the_length_of_a_text_is_the_one_that_javascript_counts(text):
    assert utf16_length(text) == len(text.encode("utf-16-le")) // 2
