"""What a line of the log is made of, and what is left out of it."""

import gc
import io
import json
import logging
import re
import sys
import threading
import warnings

import pytest

from goldenpath.cli import _logging
from goldenpath.cli._logging import JSONLine, TextLine, set_up_logging
from goldenpath.errors import SettingsError

STAMP = r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3}"


def record(message, *arguments, name="goldenpath.x", level=logging.WARNING, error=None):
    info = (type(error), error, error.__traceback__) if error else None
    return logging.LogRecord(name, level, "f.py", 1, message, arguments, info)


def failure():
    """Return an exception that was raised because of another one."""

    def inner():
        raise ValueError("two\nlines")

    try:
        try:
            inner()
        except ValueError as cause:
            raise LookupError("no such thing") from cause
    except LookupError as error:
        return error


def test_a_line_has_time_level_logger_and_message():
    line = TextLine().format(record("%s of %d", "one", 2))

    assert re.fullmatch(STAMP + r" WARNING goldenpath\.x one of 2", line)


def test_an_object_has_the_same_and_no_more():
    given = record("%s of %d", "one", 2)
    given.password = "not to be seen"

    fields = json.loads(JSONLine().format(given))

    assert fields.pop("time").endswith("+00:00")
    assert fields == {
        "severity": "WARNING",
        "logger": "goldenpath.x",
        "message": "one of 2",
    }


def test_an_exception_says_what_where_and_why_in_the_same_line():
    line = TextLine().format(record("oh", error=failure()))

    places = rf"\(at {re.escape(__name__)}:\d+ failure\)"
    inner = rf"\(at {re.escape(__name__)}:\d+ inner < {re.escape(__name__)}:\d+ fail"
    assert re.search(
        rf"oh \| LookupError: no such thing {places} because of"
        rf" ValueError: two\\nlines {inner}",
        line,
    )
    fields = json.loads(JSONLine().format(record("oh", error=failure())))
    assert fields["message"] == "oh"
    assert fields["exception"] in line


def test_what_was_going_on_when_it_was_raised_is_a_reason_unless_it_was_hidden():
    error = TypeError("second")
    error.__context__ = KeyError("first")
    shown = TextLine().format(record("", error=error))
    error.__suppress_context__ = True
    hidden = TextLine().format(record("", error=error))

    assert "TypeError: second because of KeyError: 'first'" in shown
    assert "because of" not in hidden


def test_the_members_of_a_group_are_named():
    group = ExceptionGroup("several", [ValueError("a"), OSError("b")])

    line = TextLine().format(record("", error=group))

    assert "several (2 sub-exceptions) [ValueError: a; OSError: b]" in line


def test_an_exception_without_an_end_has_one():
    """A chain as long as this one would be larger than any message."""
    error = ValueError("0")
    for number in range(1, 100):
        following = ValueError(str(number))
        following.__cause__ = error
        error = following

    line = TextLine().format(record("", error=error))

    assert [f"ValueError: {n}" in line for n in (99, 95, 94)] == [True, True, False]


def test_the_innermost_places_of_a_deep_exception_are_named():
    def deeper(left):
        if left == 0:
            raise ValueError
        deeper(left - 1)

    with pytest.raises(ValueError) as caught:  # noqa: PT011 - any will do
        deeper(100)
    line = TextLine().format(record("", error=caught.value))

    assert line.count(" deeper") == 15


def test_what_is_long_is_cut():
    text = TextLine().format(record("%s", "x" * 10_000))
    fields = json.loads(JSONLine().format(record("%s", "\x00" * 10_000)))

    assert text.endswith("x" * 4000 + "…")
    assert len(fields["message"]) == 4001


@pytest.mark.parametrize("formatter", [TextLine(), JSONLine()])
def test_even_a_record_that_is_broken_itself_becomes_a_line(formatter):
    class Broken:
        @property
        def __class__(self):
            raise ZeroDivisionError

    broken = record("fine")
    broken.exc_info = (None, Broken(), None)

    assert "a record cannot be shown" in formatter.format(broken)


def test_the_fields_of_the_audit_log_are_fields():
    fields = {"event": "login_refused", "why": "no\nsuch"}
    audited = record("x", name="goldenpath.audit")
    other = record("x")
    audited.audit = other.audit = fields

    assert json.loads(JSONLine().format(audited))["audit"] == {
        "event": "login_refused",
        "why": "no\\nsuch",
    }
    assert "audit" not in json.loads(JSONLine().format(other))


@pytest.fixture
def write(monkeypatch):
    """Set logging up as in a process of its own; return what it writes to."""
    root = logging.getLogger()
    for module, hook in ((sys, "unraisablehook"), (threading, "excepthook")):
        monkeypatch.setattr(module, hook, getattr(module, hook))
    chatty = ("uvicorn", "httpx2", "httpcore2", "websockets")
    loggers = (root, *map(logging.getLogger, chatty))
    levels = [logger.level for logger in loggers]

    def write(*how):
        stderr = io.StringIO()
        monkeypatch.setattr(sys, "stderr", stderr)
        # Those of the test's own runner.
        monkeypatch.setattr(root, "handlers", [])
        set_up_logging(*how)
        return stderr

    yield write
    logging.captureWarnings(capture=False)
    for logger, level in zip(loggers, levels, strict=True):
        logger.setLevel(level)


def test_what_others_say_of_each_request_is_left_out(write):
    written = write("debug")
    logging.getLogger("uvicorn.error").info("a request")
    logging.getLogger("uvicorn.error").warning("a warning")
    logging.getLogger("goldenpath").debug("ours")

    assert re.findall(r"a request|a warning|ours", written.getvalue()) == [
        "a warning",
        "ours",
    ]


def test_what_python_prints_is_in_the_log(write):
    """Else it would be many lines, and of any text."""
    written = write("info", "json")

    class Dying:
        def __del__(self):
            raise RuntimeError("in\na destructor")

    def fail(error):
        raise error

    for error in (RuntimeError("in\na thread"), SystemExit()):
        thread = threading.Thread(target=fail, args=(error,))
        thread.start()
        thread.join()
    del thread
    Dying()
    gc.collect()
    with warnings.catch_warnings():
        warnings.simplefilter("always")
        logging.captureWarnings(capture=False)
        logging.captureWarnings(capture=True)
        warnings.warn("a\nwarning", stacklevel=1)

    lines = [json.loads(line) for line in written.getvalue().splitlines()]
    shown = [line.get("exception", line["message"]) for line in lines]
    # Other tests may have left something that fails only now.
    found = [re.search(r"in\\na \w+|a\\nwarning", text) for text in shown]
    assert [one.group() for one in found if one] == [
        "in\\na thread",
        "in\\na destructor",
        "a\\nwarning",
    ]


def test_a_stderr_that_is_gone_stops_nothing(write):
    written = write("info")
    written.close()

    logging.getLogger("goldenpath").error("nobody reads this")


def test_a_level_that_does_not_exist_is_named(write):
    with pytest.raises(SettingsError, match="'loud'; there are debug, info"):
        write("loud")


def test_a_value_without_a_text_is_named_by_its_type():
    class Mute:
        def __str__(self):
            raise ValueError

        __repr__ = __str__

    assert _logging._text(Mute()) == "<Mute without a text>"
    assert "%s x <Mute without a text>" in TextLine().format(record("%s x", Mute()))
