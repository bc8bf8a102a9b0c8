import inspect
import json
import logging
from typing import get_args

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from goldenpath.auth._audit import Event, audit


@pytest.fixture
def lines(caplog):
    """Return what was written, as level, event and fields."""
    caplog.set_level("INFO", "goldenpath.audit")

    def read():
        found = []
        for record in caplog.records:
            assert len(record.getMessage().splitlines()) == 1
            event, _, fields = record.getMessage().partition(" ")
            found.append((record.levelname, event, json.loads(fields)))
            assert record.audit == {"event": event, **found[-1][2]}
        caplog.clear()
        return found

    return read


def test_what_was_refused_is_a_warning_and_the_rest_is_not(lines):
    for event in get_args(Event):
        audit(event, user="u1")

    assert {(event, level) for level, event, _ in lines()} == {
        ("login", "INFO"),
        ("login_refused", "WARNING"),
        ("login_limited", "WARNING"),
        ("logout", "INFO"),
        ("session_over", "INFO"),
        ("ticket_refused", "WARNING"),
        ("ticket_limited", "WARNING"),
    }


def test_what_is_not_known_is_left_out(lines):
    audit("ticket_refused", session=None, origin=None, why="it is too old")

    assert lines() == [("WARNING", "ticket_refused", {"why": "it is too old"})]


def test_there_is_no_field_for_a_secret_or_for_what_somebody_typed():
    """Whoever adds one has to say here that it is neither."""
    assert set(inspect.signature(audit).parameters) == {
        "event",
        "user",
        "session",
        "address",
        "origin",
        "why",
    }


@given(st.text(max_size=400) | st.just("x\ud800\n2026 INFO login {}"))
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_no_value_forges_a_line_or_grows_without_a_limit(lines, text):
    audit("login_refused", address=text, origin=text)

    ((level, event, fields),) = lines()
    assert (level, event) == ("WARNING", "login_refused")
    assert all(len(value) <= 200 for value in fields.values())


def test_where_nobody_listens_nothing_is_written(caplog):
    caplog.set_level(logging.WARNING, "goldenpath.audit")
    audit("login", user="u1")

    assert caplog.records == []
