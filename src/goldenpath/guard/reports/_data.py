"""A scan as plain data: the JSON report, and what the other reports are made of.

The schema is documented in docs/reference/guard-json.md. Its version grows when a field
is removed or changes its meaning; new fields may come at any time.
"""

from __future__ import annotations

from typing import Any

from goldenpath.guard._circles import circles
from goldenpath.guard._findings import Finding
from goldenpath.guard._inventory import inventory
from goldenpath.guard._scan import Scan
from goldenpath.guard._uses import method_calls
from goldenpath.guard._view import ImportPath, View
from goldenpath.guard.reports._tests import test_file_data

SCHEMA_VERSION = 1


def as_data(scan: Scan) -> dict[str, Any]:
    """Return the whole report as data."""
    return {
        "schema_version": SCHEMA_VERSION,
        "tool": "goldenpath guard",
        "root": str(scan.root),
        "findings": [finding_data(finding) for finding in scan.findings],
        "concepts": [concept_data(view, scan.findings) for view in scan.views],
        "waived": [
            {
                **finding_data(one.finding),
                "owner": one.waiver.owner,
                "reason": one.waiver.reason,
                "until": str(one.waiver.until),
            }
            for one in scan.waived
        ],
        "skipped": [{"file": one.path, "reason": one.reason} for one in scan.skipped],
        "totals": totals(scan),
        "timings": {name: round(took, 3) for name, took in scan.timings.items()},
    }


def totals(scan: Scan) -> dict[str, Any]:
    """Return what was counted."""
    by_rule: dict[str, int] = {}
    for finding in scan.findings:
        by_rule[finding.code] = by_rule.get(finding.code, 0) + 1
    return {
        "files": len(scan.project.files),
        "parsed": scan.project.read_files,
        "related": len(set().union(*(view.related for view in scan.views))),
        "findings": len(scan.findings),
        "by_rule": dict(sorted(by_rule.items())),
        "waived": len(scan.waived),
        "skipped": len(scan.skipped),
    }


def finding_data(finding: Finding) -> dict[str, Any]:
    """Return a finding as data."""
    found: dict[str, Any] = {
        "code": finding.code,
        "concept": finding.concept,
        "file": finding.path,
        "line": finding.line,
        "column": finding.column,
        "message": finding.message,
        "evidence": [
            {"file": one.path, "line": one.line, "text": one.text}
            for one in finding.evidence
        ],
        "is_test": finding.is_test,
        "fingerprint": finding.fingerprint,
    }
    if finding.score is not None:
        found["score"] = round(finding.score, 3)
    return found


def concept_data(view: View, findings: list[Finding]) -> dict[str, Any]:
    """Return what is known about a concept as data."""
    mine = [f for f in findings if f.concept == view.concept.name]
    known, unknown = view.once(method_calls)
    aliases = {f.subject for f in mine if f.code == "GP103"}
    return {
        "name": view.concept.name,
        "home": view.home_place,
        "door": view.concept.door or None,
        "factory": view.concept.factory or None,
        "import_paths": [
            _path_data(offered)
            for offered in sorted(view.paths, key=lambda one: one.place)
            if offered.is_allowed or offered.uses or offered.place in aliases
        ],
        "aliases": [
            _path_data(offered) for offered in view.paths if offered.place in aliases
        ],
        "cycles": [_circle_data(view, circle) for circle in view.once(circles)],
        "rivals": [f.data for f in mine if f.code == "GP101"],
        "factories": [
            {
                "name": view.place_of(thing),
                "file": thing.path,
                "line": thing.line,
            }
            for thing in view.factories()
        ],
        "instantiations": [
            {
                "file": made.path,
                "line": made.call.line,
                "through": made.through,
                "is_test": made.is_test,
            }
            for made in view.constructions
        ],
        "tests": [test_file_data(one) for one in view.once(inventory)],
        "calls": {"resolved": len(known), "unresolved": unknown},
    }


def _path_data(offered: ImportPath) -> dict[str, Any]:
    application = [use for use in offered.uses if not use.is_test]
    tests = [use for use in offered.uses if use.is_test]
    return {
        "module": offered.module,
        "name": offered.name,
        "kind": offered.kind,
        "file": offered.path,
        "line": offered.line,
        "chain": [
            {"file": hop.path, "line": hop.line, "name": hop.name, "kind": hop.kind}
            for hop in offered.chain
        ],
        "importers": {
            "application": [{"file": u.path, "line": u.line} for u in application],
            "tests": [{"file": u.path, "line": u.line} for u in tests],
        },
    }


def _circle_data(view: View, circle: Any) -> dict[str, Any]:
    name_of = view.project.modules.name_of
    return {
        "modules": [name_of(path) for path in circle.paths],
        "kind": circle.kind,
        "edges": [
            {
                "from": name_of(edge.source),
                "to": name_of(edge.target),
                "file": edge.source,
                "line": edge.line,
                "kind": edge.kind,
            }
            for edge in circle.edges
        ],
        "opened_by": None
        if circle.opens is None
        else {"file": circle.opens.source, "line": circle.opens.line},
    }
