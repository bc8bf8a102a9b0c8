"""The log of ``goldenpath serve``: one line for a record, whatever is in the record.

Rule 1: what is not printable is escaped, so that no value can forge a line, colour a
        terminal, or turn the direction of a text.
Rule 2: of a record nothing is written but what is named here.
Rule 3: a record that cannot be shown becomes a line that says so. Nothing that is
        logged makes logging fail, and nothing is written beside the lines.
"""

from __future__ import annotations

import contextlib
import datetime as dt
import logging
import sys
import threading
import traceback
from collections.abc import Iterator
from typing import Any, Literal

import msgspec

from goldenpath.errors import SettingsError

LogFormat = Literal["text", "json"]

# Characters of a message, and of an exception: together far below the 16 KiB at
# which container runtimes cut a line in two, and the second half could say anything.
_LONGEST = 4000
# Of an exception: places from the innermost outwards, and causes, or members of a
# group.
_PLACES = 15
_CAUSES = 4
# Written to by ``auth/_audit.py``; its fields are an allow-list there.
_AUDIT = "goldenpath.audit"


def set_up_logging(level: str, log_format: LogFormat = "text") -> None:
    """Write what this process logs to stderr.

    Raises:
        SettingsError: There is no such level.
    """
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise SettingsError(
            f"no log level is called {level!r}; there are debug, info, warning, error"
        )
    handler = _Lines(sys.stderr)
    handler.setFormatter(JSONLine() if log_format == "json" else TextLine())
    logging.basicConfig(handlers=[handler], level=number)
    # Their INFO is about each request and each start.
    for chatty in ("uvicorn", "httpx2", "httpcore2", "websockets"):
        logging.getLogger(chatty).setLevel(max(number, logging.WARNING))
    # Python itself would print these, in many lines.
    logging.captureWarnings(capture=True)
    threading.excepthook = _log_thread
    sys.unraisablehook = _log_unraisable


class TextLine(logging.Formatter):
    """A record as a line for people."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        try:
            return " ".join(
                (
                    self.formatTime(record),
                    _shown(record.levelname),
                    _shown(record.name),
                    _message(record),
                    *(f"| {text}" for text in _exceptions(record)),
                )
            )
        except Exception:  # noqa: BLE001 - rule 3
            return f"{self.formatTime(record)} ERROR {__name__} {_CANNOT_BE_SHOWN}"


class JSONLine(logging.Formatter):
    """A record as a JSON object, with names that log collectors know."""

    def format(self, record: logging.LogRecord) -> str:
        """Return the line, without its end."""
        at = dt.datetime.fromtimestamp(record.created, dt.UTC)
        fields: dict[str, Any] = {"time": at.isoformat(timespec="milliseconds")}
        try:
            fields |= {
                "severity": _shown(record.levelname),
                "logger": _shown(record.name),
                "message": _message(record),
            }
            for text in _exceptions(record):
                fields["exception"] = text
            audit = getattr(record, "audit", None)
            if record.name == _AUDIT and isinstance(audit, dict):
                fields["audit"] = {
                    _shown(name): _shown(value) for name, value in audit.items()
                }
            return msgspec.json.encode(fields).decode()
        except Exception:  # noqa: BLE001 - rule 3
            fields |= {
                "severity": "ERROR",
                "logger": __name__,
                "message": _CANNOT_BE_SHOWN,
            }
            return msgspec.json.encode(fields).decode()


_CANNOT_BE_SHOWN = "a record cannot be shown"


class _Lines(logging.StreamHandler[Any]):
    def handleError(self, record: logging.LogRecord) -> None:  # noqa: N802 - its name
        """Do nothing: nobody reads stderr any more, and there is nowhere else."""


def _message(record: logging.LogRecord) -> str:
    try:
        return _shown(record.getMessage())
    # An argument has no text, or there is one too many.
    except Exception:  # noqa: BLE001 - rule 3
        arguments = record.args if isinstance(record.args, tuple) else (record.args,)
        return _shown(" ".join(map(_text, (record.msg, *arguments))))


def _exceptions(record: logging.LogRecord) -> Iterator[str]:
    """Return the record's exception, if it has one."""
    if isinstance(record.exc_info, tuple) and record.exc_info[1] is not None:
        yield _shown(_explained(record.exc_info[1]))


def _explained(error: BaseException, *, left: int = _CAUSES) -> str:
    """Return what happened, where, and because of what; the innermost place first."""
    text = f"{type(error).__name__}: {_text(error)}"
    places = [
        f"{frame.f_globals.get('__name__')}:{line} {frame.f_code.co_name}"
        for frame, line in traceback.walk_tb(error.__traceback__)
    ]
    if places:
        text += f" (at {' < '.join(places[: -_PLACES - 1 : -1])})"
    if left == 0:
        return text
    if isinstance(error, BaseExceptionGroup):
        members = error.exceptions[:left]
        text += f" [{'; '.join(_explained(one, left=left - 1) for one in members)}]"
    cause = error.__cause__
    if cause is None and not error.__suppress_context__:
        cause = error.__context__
    if cause is not None:
        text += f" because of {_explained(cause, left=left - 1)}"
    return text


def _shown(value: object) -> str:
    """Return a value as part of a line: printable, and not too long."""
    text = _text(value)
    is_long = len(text) > _LONGEST
    text = text[:_LONGEST]
    if not text.isprintable():
        text = "".join(
            one if one.isprintable() else one.encode("unicode_escape").decode()
            for one in text
        )
        is_long = is_long or len(text) > _LONGEST
    return f"{text[:_LONGEST]}…" if is_long else text


def _text(value: object) -> str:
    """Return a value's text, its representation, or that it has neither."""
    with contextlib.suppress(Exception):
        return str(value)
    with contextlib.suppress(Exception):
        return repr(value)
    return f"<{type(value).__name__} without a text>"


def _log_thread(arguments: threading.ExceptHookArgs) -> None:
    error = arguments.exc_value
    if not isinstance(error, SystemExit):
        logging.getLogger(__name__).error("a thread failed", exc_info=error)


def _log_unraisable(unraisable: Any) -> None:
    error = unraisable.exc_value
    logging.getLogger(__name__).error("what nobody could handle", exc_info=error)
