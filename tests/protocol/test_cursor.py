import msgspec
import pytest
from hypothesis import given

from goldenpath.protocol._cursor import Cursor, thread_log, thread_of, user_log
from tests.protocol.strategies import LAW, instances


def test_a_thread_and_a_user_have_logs_of_different_names():
    """A user may be called like a thread."""
    assert thread_log("x") == "thread:x"
    assert user_log("x") == "user:x"


@pytest.mark.parametrize("thread", ["t", "a:b", ":"])
def test_the_thread_of_a_threads_log_is_found(thread):
    assert thread_of(thread_log(thread)) == thread


@pytest.mark.parametrize("log", ["", "thread", "thread:", "user:t", "other:t"])
def test_other_logs_have_no_thread(log):
    assert thread_of(log) is None


@LAW
@given(instances(Cursor))
def test_a_cursor_survives_the_wire(cursor):
    assert msgspec.json.decode(msgspec.json.encode(cursor), type=Cursor) == cursor


@pytest.mark.parametrize("number", [-1, 2**53, 1.5, "1", None])
def test_a_number_is_one_that_javascript_counts_exactly(number):
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert({"epoch": "e", "incarnation": "i", "number": number}, Cursor)


@pytest.mark.parametrize("field", ["epoch", "incarnation"])
def test_what_a_client_keeps_in_a_cursor_is_short(field):
    fields = {"epoch": "e", "incarnation": "i", "number": 0, field: "x" * 65}
    with pytest.raises(msgspec.ValidationError):
        msgspec.convert(fields, Cursor)
