"""The formats of a report, by their names."""

from __future__ import annotations

from collections.abc import Callable

from goldenpath.guard._scan import Scan
from goldenpath.guard.reports._github import as_github
from goldenpath.guard.reports._html import as_html
from goldenpath.guard.reports._json import as_json
from goldenpath.guard.reports._sarif import as_sarif
from goldenpath.guard.reports._text import as_text

FORMATS: dict[str, Callable[[Scan], str]] = {
    "text": as_text,
    "json": as_json,
    "sarif": as_sarif,
    "github": as_github,
    "html": as_html,
}


def write(scan: Scan, format_: str) -> str:
    """Return a report in a format."""
    return FORMATS[format_](scan)
