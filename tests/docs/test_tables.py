"""Tables that people write say what the code says."""

import ast
import dataclasses
import json
import logging
import re
import typing
from pathlib import Path

import pytest

import goldenpath.testing
from goldenpath.auth import _audit
from goldenpath.cli._logging import JSONLine, TextLine
from goldenpath.protocol import CloseCode
from goldenpath.server import Limits

ROOT = Path(__file__).parent.parent.parent
DOCS = ROOT / "docs"
SOURCE = ROOT / "src" / "goldenpath"
ERRORS = DOCS / "how-to" / "handle-errors.md"
LOGGING = DOCS / "reference" / "logging.md"
# Codes that only `goldenpath users` gives.
AT_A_TERMINAL = {"bad_name", "bad_password", "name_taken"}
UNITS = {"s": 1.0, "KiB": 1024, "": 1}
# They say what a client does, send nothing, or count what was sent.
NO_SENDERS = ("client", "testing", "protocol/_close_codes.py")


def section(page: Path, title: str) -> str:
    """Return what stands under a heading."""
    text = page.read_text("utf-8")
    return re.split(r"^#+ ", text.split(f"# {title}\n", 1)[1], flags=re.MULTILINE)[0]


def rows(text: str) -> dict[str, list[str]]:
    """Return the rows of tables that begin with a name or a number."""
    cells = re.findall(r"^\| (?:`(\w+)`|(\d+)) \|(.+)\|$", text, re.MULTILINE)
    return {
        name or number: [cell.strip() for cell in rest.split("|")]
        for name, number, rest in cells
    }


def test_every_limit_of_the_server_is_documented_with_its_default() -> None:
    """They are what an operator asks about when somebody is turned away."""
    text = (DOCS / "reference" / "server.md").read_text("utf-8")
    told = rows(text.partition("## What the server refuses by itself")[0])

    for field in dataclasses.fields(Limits):
        number, _, unit = told.pop(field.name)[0].partition(" ")
        assert float(number) * UNITS[unit] == field.default
    assert told == {}


def test_the_lines_that_are_shown_are_lines_of_the_log() -> None:
    """Whoever writes a collector's rules copies them."""
    text = LOGGING.read_text("utf-8")
    (line,) = re.findall(r"^```json\n(.*)\n```$", text, re.MULTILINE)
    (words,) = re.findall(r"^```text\n(.*)\n```$", text, re.MULTILINE)
    shown = logging.LogRecord(
        "goldenpath.audit",
        logging.WARNING,
        "",
        0,
        "%s %s",
        ("login_refused", '{"address":"203.0.113.7"}'),
        None,
    )
    shown.created, shown.msecs = 1_795_593_600.123, 123
    shown.audit = {"event": "login_refused", "address": "203.0.113.7"}

    assert JSONLine().format(shown) == line
    # The rest is local time.
    assert TextLine().format(shown)[23:] == words[23:]


def test_every_field_of_a_line_is_documented() -> None:
    error = ValueError("for the exception")
    info = (ValueError, error, None)
    full = logging.LogRecord("goldenpath.audit", 30, "", 0, "text", (), info)
    full.audit = {"event": "login"}
    full.anything = "a library's own"

    line = json.loads(JSONLine().format(full))

    assert rows(section(LOGGING, "JSON")).keys() == line.keys()


def test_every_audit_event_is_documented_as_it_is_written(caplog) -> None:
    """An alarm that waits for a word that never comes is worse than none."""
    told = rows(section(LOGGING, "Audit"))
    caplog.set_level(logging.INFO, "goldenpath.audit")
    for event in typing.get_args(_audit.Event):
        _audit.audit(event)

    levels = {one.audit["event"]: one.levelname for one in caplog.records}
    assert {name: cells[0].strip("`") for name, cells in told.items()} == levels
    assert {name: fields_of(cells[1]) for name, cells in told.items()} == audited()


def fields_of(cell: str) -> set[str]:
    return set(re.findall(r"`(\w+)`", cell))


def audited() -> dict[str, set[str]]:
    """Return with which fields the source calls `audit`, by event."""
    return {
        node.args[0].value: {word.arg for word in node.keywords}
        for path in sorted((SOURCE / "auth").glob("*.py"))
        for node in ast.walk(ast.parse(path.read_text("utf-8")))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "audit"
    }


def test_every_error_code_says_what_to_do_about_it() -> None:
    """With the statuses that the reference gives."""
    known = rows(section(DOCS / "reference" / "errors.md", "On the wire and over HTTP"))
    told = rows(section(ERRORS, "A request is refused"))

    requests = {name: cells for name, cells in told.items() if len(cells) == 4}
    assert requests.keys() == known.keys() - AT_A_TERMINAL
    for name, (status, *_) in requests.items():
        assert status in (known[name][0], "–")


def test_every_code_of_a_failed_run_says_what_to_do_about_it() -> None:
    known = rows(section(DOCS / "reference" / "errors.md", "Why a run failed"))

    assert rows(section(ERRORS, "A run fails")).keys() == known.keys()


def sent_codes() -> set[int]:
    """Return the close codes that the server's source names."""
    return {
        CloseCode[name].value
        for path in SOURCE.rglob("*.py")
        if not str(path.relative_to(SOURCE)).startswith(NO_SENDERS)
        for name in re.findall(r"CloseCode\.([A-Z_]+)", path.read_text("utf-8"))
    }


def test_every_close_code_says_where_it_comes_from() -> None:
    """And of those that are never sent, that nobody has to wait for them."""
    told = rows(section(ERRORS, "A connection ends"))
    unsent = {int(code) for code, cells in told.items() if "not send it" in cells[0]}

    assert {int(code) for code in told} == {code.value for code in CloseCode}
    assert unsent == {code.value for code in CloseCode} - sent_codes()


@pytest.mark.parametrize("page", [DOCS / "reference/close-codes.md", "PROTOCOL.md"])
def test_the_tables_of_close_codes_name_those_that_are_never_sent(page) -> None:
    named = re.findall(
        r"^(?:The|This) server sends neither (\d+) nor (\d+)",
        (ROOT / page).read_text("utf-8"),
        re.MULTILINE,
    )

    assert [set(map(int, pair)) for pair in named] == [set(CloseCode) - sent_codes()]


def test_every_name_for_tests_is_on_its_page() -> None:
    text = (DOCS / "reference" / "testing.md").read_text("utf-8")
    told = rows(text).keys()

    assert set(goldenpath.testing.__all__) <= told


def test_every_tool_says_what_it_is_for() -> None:
    """A script that nobody finds is written a second time."""
    text = (ROOT / "CONTRIBUTING.md").read_text("utf-8")
    named = set(re.findall(r"`(\w+\.py)`", text))

    assert {path.name for path in (ROOT / "tools").glob("*.py")} <= named
