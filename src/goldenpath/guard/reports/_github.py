"""Annotations of a GitHub workflow: one line a finding."""

from __future__ import annotations

from goldenpath.guard._findings import Finding
from goldenpath.guard._scan import Scan


def as_github(scan: Scan) -> str:
    """Return workflow commands; see GitHub's "Workflow commands" on escaping."""
    return "".join(_line(finding) + "\n" for finding in scan.findings)


def _line(finding: Finding) -> str:
    place = ",".join(
        (
            f"file={_property(finding.path)}",
            f"line={finding.line}",
            f"col={finding.column}",
            f"title={_property(finding.code)}",
        )
    )
    return f"::error {place}::{_message(finding.message)}"


def _message(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _property(text: str) -> str:
    return _message(text).replace(":", "%3A").replace(",", "%2C")
