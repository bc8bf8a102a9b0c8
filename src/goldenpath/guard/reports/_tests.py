"""The plan for the tests, for people and for programs."""

from __future__ import annotations

import json
from collections import Counter
from typing import Any

from goldenpath.guard._inventory import PATTERNS, TestFile
from goldenpath.guard._test_plan import TARGET, TestPlan

_MOST = 15


def write_test_plan(name: str, plan: TestPlan, format_: str) -> str:
    """Return the plan as text or JSON."""
    if format_ == "json":
        return json.dumps(_data(name, plan), indent=1, ensure_ascii=False) + "\n"
    return "\n".join(_text(name, plan)) + "\n"


def test_file_data(one: TestFile) -> dict[str, Any]:
    """Return a file of tests as data."""
    return {
        "file": one.path,
        "kind": one.kind,
        "kind_reason": one.kind_reason,
        "pattern": one.pattern,
        "reasons": list(one.reasons),
        "reach": one.reach,
        "tests": len(one.tests),
        "executed": one.executed,
        "empty": one.empty,
        "skipped": one.skipped,
        "cannot_fail": one.toothless,
    }


def _data(name: str, plan: TestPlan) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "concept": name,
        "files": [test_file_data(one) for one in plan.files],
        "align": [
            {"file": one.file.path, "why": one.why, "weight": one.weight}
            for one in plan.align
        ],
        "failing": [
            {"name": o.name, "holds": o.holds, "rule": o.code, "findings": o.findings}
            for o in plan.failing
        ],
        "stability": [{"name": o.name, "holds": o.holds} for o in plan.stability],
        "shares": dict(
            zip(("align", "failing", "stability"), plan.shares, strict=True)
        ),
        "target": dict(zip(("align", "failing", "stability"), TARGET, strict=True)),
    }


def _text(name: str, plan: TestPlan) -> list[str]:
    tests = sum(len(one.tests) for one in plan.files)
    lines = [f"{name}: {tests} tests in {len(plan.files)} files touch it"]
    for kind, count in Counter(one.kind for one in plan.files).most_common():
        lines.append(f"  {count:5} files  {kind}")
    lines.append("")
    lines.append("how they get at it:")
    for pattern, count in Counter(one.pattern for one in plan.files).most_common():
        lines.append(f"  {count:5} files  {PATTERNS[pattern]}")
    lines += ["", "of these tests:"]
    for what, count in (
        ("are executed", sum(one.executed for one in plan.files)),
        ("do nothing", sum(one.empty for one in plan.files)),
        ("are always skipped", sum(one.skipped for one in plan.files)),
        ("cannot fail", sum(one.toothless for one in plan.files)),
    ):
        lines.append(f"  {count:5} {what}")
    align, failing, stability = plan.shares
    lines += [
        "",
        "the plan:",
        f"  {len(plan.align):5} to bring into line ({align} %, target {TARGET[0]})",
        (
            f"  {len(plan.failing):5} to write that fail until it is repaired "
            f"({failing} %, target {TARGET[1]})"
        ),
        (
            f"  {len(plan.stability):5} to write that hold what must stay "
            f"({stability} %, target {TARGET[2]})"
        ),
    ]
    lines += _section(
        "to bring into line:",
        [f"{one.file.path}  {one.why}" for one in plan.align],
    )
    lines += _section(
        "to write, failing until it is repaired:",
        [f"{one.name}  {one.holds}" for one in plan.failing],
    )
    lines += _section(
        "to write, for what must stay:",
        [f"{one.name}  {one.holds}" for one in plan.stability],
    )
    return lines


def _section(title: str, rows: list[str]) -> list[str]:
    if not rows:
        return []
    more = [f"  and {len(rows) - _MOST} more"] if len(rows) > _MOST else []
    return ["", title, *(f"  {row}" for row in rows[:_MOST]), *more]
