"""A plan of repair for people (Markdown) and programs (JSON), and what it edits."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from goldenpath.guard._files import decode
from goldenpath.guard._test_plan import TARGET, TestPlan
from goldenpath.guard.repair._changes import Change, Left
from goldenpath.guard.repair._phases import ByHand, Phase, Repair, told
from goldenpath.guard.repair._prove import Proof

_MOST = 40


def write_plan(repair: Repair, format_: str, *, commit: str, asked: str) -> str:
    """Return a plan as Markdown or JSON.

    Args:
        repair: The plan.
        format_: ``markdown`` or ``json``.
        commit: The commit at which it was made; ``""`` outside of git.
        asked: The arguments that name the concept.
    """
    if format_ == "json":
        return json.dumps(_data(repair, commit), indent=1, ensure_ascii=False) + "\n"
    return "\n".join(_markdown(repair, commit, asked)) + "\n"


def write_diff(phases: Iterable[Phase]) -> str:
    """Return what phases change, as one unified diff a phase."""
    return "".join(
        line
        for phase in phases
        for line in (
            f"# phase {phase.number}: {phase.title}\n",
            *(one for change in phase.changes for one in _diff(change)),
        )
    )


def _diff(change: Change) -> Iterator[str]:
    after = b"" if change.after is None else change.after
    name = "/dev/null" if change.after is None else f"b/{change.path}"
    for line in difflib.unified_diff(
        decode(change.before).splitlines(keepends=True),
        decode(after).splitlines(keepends=True),
        f"a/{change.path}",
        name,
    ):
        yield line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n"


def write_proofs(file: str, plan: TestPlan, proofs: Sequence[Proof]) -> str:
    """Return what became of the tests that were written, and of the whole plan."""
    proved = [one for one in proofs if one.is_proved]
    waiting = [one for one in proofs if one.waits]
    dropped = [one for one in proofs if not one.is_kept]
    counts = (
        len(plan.align),
        sum(one.test.fails_now for one in proofs if one.is_kept),
        sum(not one.test.fails_now for one in proofs if one.is_kept),
    )
    whole = sum(counts) or 1
    lines = [f"{file}: {len(proved) + len(waiting)} tests"]
    for what, count, target in zip(
        ("existing tests to bring into line", "that fail now", "that hold what stays"),
        counts,
        TARGET,
        strict=True,
    ):
        share = round(100 * count / whole)
        lines.append(f"  {count:5} {what} ({share} %, target {target} %)")
    lines.append(f"  {len(proved):5} proved: on both sides they did what they are for")
    for title, some in (
        ("unproved: they fail until a person has done something", waiting),
        ("not kept: their outcome is the same on both sides, or wrong", dropped),
    ):
        lines.append(f"  {len(some):5} {title}")
        lines += [
            f"          {one.test.name}  before: {one.before}, after: {one.after}"
            for one in some
        ]
    return "\n".join(lines) + "\n"


def _markdown(repair: Repair, commit: str, asked: str) -> Iterator[str]:
    yield f"# One home for {repair.concept!r}"
    yield ""
    yield f"Its home is `{repair.home}`."
    if commit:
        yield f"Computed at commit {commit}."
    yield ""
    yield f"* Findings now: {told(repair.before)}."
    yield f"* After all phases: {told(repair.after)}."
    yield ""
    if not repair.phases:
        yield "There is nothing that can be done without a person."
    else:
        yield "| phase | what | files | risk | findings before | after |"
        yield "|---:|---|---:|---|---|---|"
    for phase in repair.phases:
        before, after = told(phase.before), told(phase.after)
        yield (
            f"| {phase.number} | {phase.title} | {len(phase.changes)} "
            f"| {phase.risk} | {before} | {after} |"
        )
    for phase in repair.phases:
        yield from _phase(phase, asked)
    yield from _person(repair)


def _phase(phase: Phase, asked: str) -> Iterator[str]:
    yield ""
    yield f"## Phase {phase.number}: {phase.title}"
    yield ""
    yield f"* Risk: {phase.risk}: {'; '.join(phase.reasons)}."
    yield f"* Do it: `goldenpath guard fix {asked} --phase {phase.number} --write`."
    yield "* Take it back: `git revert` of its commit."
    after = told(phase.after)
    yield f"* It is done when `goldenpath guard scan {asked}` counts {after}."
    yield ""
    for change in phase.changes[:_MOST]:
        yield f"* `{change.path}`"
        yield from (f"    * {one}" for one in change.what)
    if len(phase.changes) > _MOST:
        yield f"* and {len(phase.changes) - _MOST} more files"


def _person(repair: Repair) -> Iterator[str]:
    if not repair.left and not repair.by_hand:
        return
    yield ""
    yield "## For a person"
    yield ""
    for left in repair.left:
        yield f"* `{left.path}:{left.line}`: {left.why}"
    for one in repair.by_hand:
        finding = one.finding
        where = f"`{finding.path}:{finding.line}`"
        yield f"* {finding.code} {where}: {finding.message}. To do: {one.what}."
    rivals = [one for one in repair.by_hand if one.finding.code == "GP101"]
    if rivals:
        yield ""
        yield "| rival | same methods | take something else | lacks | has more |"
        yield "|---|---|---|---|---|"
        yield from map(_rival, rivals)


def _rival(one: ByHand) -> str:
    data = one.finding.data
    differing = set(one.differing)
    shared = [str(name) for name in _list(data.get("shared"))]
    cells = (
        f"`{one.finding.subject}`",
        _names(name for name in shared if name not in differing),
        _names(one.differing),
        _names(map(str, _list(data.get("missing")))),
        _names(map(str, _list(data.get("extra")))),
    )
    return f"| {' | '.join(cells)} |"


def _list(value: object) -> Sequence[object]:
    return value if isinstance(value, list) else []


def _names(names: Iterable[str]) -> str:
    return ", ".join(f"`{name}`" for name in names) or "none"


def _data(repair: Repair, commit: str) -> dict[str, Any]:
    return {
        "schema_version": 1,
        "concept": repair.concept,
        "home": repair.home,
        "commit": commit or None,
        "findings": {"before": repair.before, "after": repair.after},
        "phases": [
            {
                "number": phase.number,
                "title": phase.title,
                "risk": phase.risk,
                "reasons": list(phase.reasons),
                "findings": {"before": phase.before, "after": phase.after},
                "files": [
                    {
                        "file": change.path,
                        "removed": change.after is None,
                        "what": list(change.what),
                    }
                    for change in phase.changes
                ],
                "left": [_left(one) for one in phase.left],
            }
            for phase in repair.phases
        ],
        "left": [_left(one) for one in repair.left],
        "by_hand": [
            {
                "code": one.finding.code,
                "file": one.finding.path,
                "line": one.finding.line,
                "message": one.finding.message,
                "what": one.what,
                "differing": list(one.differing),
                **{
                    key: one.finding.data[key]
                    for key in ("shared", "missing", "extra")
                    if key in one.finding.data
                },
            }
            for one in repair.by_hand
        ],
    }


def _left(one: Left) -> dict[str, Any]:
    return {"file": one.path, "line": one.line, "why": one.why}
