"""SARIF 2.1.0, for code scanning."""

from __future__ import annotations

import importlib.metadata
import json
from typing import Any
from urllib.parse import quote

from goldenpath.guard._findings import Finding
from goldenpath.guard._scan import Scan
from goldenpath.guard._waivers import Waived
from goldenpath.guard.rules._list import RULES

_SCHEMA = "https://json.schemastore.org/sarif-2.1.0.json"


def as_sarif(scan: Scan) -> str:
    """Return the report as a SARIF log with one run."""
    rules = [
        {
            "id": rule.code,
            "name": rule.title,
            "shortDescription": {"text": rule.title},
            "fullDescription": {"text": rule.text},
            "defaultConfiguration": {"level": "error"},
        }
        for rule in RULES
    ]
    index = {rule.code: number for number, rule in enumerate(RULES)}
    run = {
        "tool": {
            "driver": {
                "name": "goldenpath guard",
                "version": importlib.metadata.version("goldenpath"),
                "rules": rules,
            }
        },
        "columnKind": "utf16CodeUnits",
        "results": [
            *(_result(finding, index) for finding in scan.findings),
            *(_suppressed(one, index) for one in scan.waived),
        ],
    }
    log = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(log, indent=1, ensure_ascii=False) + "\n"


def _result(finding: Finding, index: dict[str, int]) -> dict[str, Any]:
    return {
        "ruleId": finding.code,
        "ruleIndex": index[finding.code],
        "level": "error",
        "message": {"text": finding.message},
        "locations": [_location(finding.path, finding.line, finding.column)],
        "relatedLocations": [
            {
                **_location(one.path, one.line, 1),
                "message": {"text": one.text},
            }
            for one in finding.evidence
        ],
        "partialFingerprints": {"goldenpath/v1": finding.fingerprint},
    }


def _suppressed(waived: Waived, index: dict[str, int]) -> dict[str, Any]:
    waiver = waived.waiver
    why = f"{waiver.reason} ({waiver.owner}, until {waiver.until})"
    suppression = {"kind": "external", "status": "accepted", "justification": why}
    return {**_result(waived.finding, index), "suppressions": [suppression]}


def _location(path: str, line: int, column: int) -> dict[str, Any]:
    return {
        "physicalLocation": {
            "artifactLocation": {"uri": quote(path), "uriBaseId": "%SRCROOT%"},
            "region": {"startLine": max(1, line), "startColumn": max(1, column)},
        }
    }
