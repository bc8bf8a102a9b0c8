"""The report for programs."""

from __future__ import annotations

import json

from goldenpath.guard._scan import Scan
from goldenpath.guard.reports._data import as_data


def as_json(scan: Scan) -> str:
    """Return the report as JSON, indented."""
    return json.dumps(as_data(scan), indent=1, ensure_ascii=False) + "\n"
