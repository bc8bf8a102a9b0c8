"""A plan of repair for people (Markdown) and programs (JSON), and what it edits."""

from __future__ import annotations

import difflib
import json
from collections.abc import Iterable, Iterator, Sequence
from typing import Any

from goldenpath.guard._files import decode
from goldenpath.guard._test_plan import TARGET, TestPlan
from goldenpath.guard._words import number
from goldenpath.guard.repair._changes import Change, Left
from goldenpath.guard.repair._compare import Comparison
from goldenpath.guard.repair._outcomes import Run
from goldenpath.guard.repair._phases import ByHand, Phase, Repair, told
from goldenpath.guard.repair._polarity import Polarity
from goldenpath.guard.repair._prove import Proof

_MOST = 40


def write_plan(
    repair: Repair, format_: str, *, commit: str, asked: str, options: str = ""
) -> str:
    """Return a plan as Markdown or JSON.

    Args:
        repair: The plan.
        format_: ``markdown`` or ``json``.
        commit: The commit at which it was made; ``""`` outside of git.
        asked: The arguments that name the concept.
        options: Those that say how far it goes, with a space before them.
    """
    if format_ == "json":
        return json.dumps(_data(repair, commit), indent=1, ensure_ascii=False) + "\n"
    return "\n".join(_markdown(repair, commit, asked, options)) + "\n"


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


def _markdown(repair: Repair, commit: str, asked: str, options: str) -> Iterator[str]:
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
        yield from _phase(phase, asked, options)
    yield from _person(repair)


def _phase(phase: Phase, asked: str, options: str) -> Iterator[str]:
    yield ""
    yield f"## Phase {phase.number}: {phase.title}"
    yield ""
    yield f"* Risk: {phase.risk}: {'; '.join(phase.reasons)}."
    fix = f"goldenpath guard fix {asked}{options} --phase {phase.number} --write"
    yield f"* Do it: `{fix}`."
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


def write_polarity(file: str, seen: Sequence[Polarity]) -> str:
    """Return what became of each written test when its violation was back."""
    lines = []
    for one in seen:
        if one.is_proved:
            said = f"proved: passes, and fails with {', '.join(one.seed)} changed"
        elif one.now != "passed":
            said = f"not proved: it is {one.now or 'not run'} on the tree as it is"
        elif not one.seed:
            said = "not proved: nobody knows how to bring back what it guards against"
        else:
            said = f"NOT PROVED: it is {one.seeded or 'not run'} with the violation too"
        lines.append(f"{one.test.name}: {said}")
    proved = sum(one.is_proved for one in seen)
    lines.append(f"{file}: {proved} of {len(seen)} tests are proved")
    return "\n".join(lines) + "\n"


def write_comparison(found: Comparison, *, since: str) -> str:
    """Return how a tree differs from what it was."""
    lines = [
        f"{found.concept}: {number(found.changed, 'file')} changed since {since[:12]}",
        f"findings: {told(found.before)} -> {told(found.after)}",
    ]
    lines += [
        f"new: {one.path}:{one.line} {one.code} {one.message}" for one in found.appeared
    ]
    lines += [f"does not compile: {path}: {w}" for path, w in found.broken.items()]
    before, after = found.states
    if found.modules:
        lines.append(
            f"{found.modules} changed modules were imported: {len(before.broken)} "
            f"could not be before, {len(after.broken)} cannot be now"
        )
    if before.run is not None and after.run is not None:
        lines.append(
            f"tests: {_passed(before.run)} -> {_passed(after.run)}; "
            + "; ".join(_counts(found))
        )
    lines += [f"worse: {what}" for what in found.verdict.worse]
    if found.preserved:
        lines.append(
            f"{found.preserved} before anything was changed: "
            "nothing can be called preserved"
        )
    elif after.gate is not None and after.is_open:
        lines.append("the gate is open, before and after")
    lines.append("worse than it was" if found.is_worse else "no worse than it was")
    return "\n".join(lines) + "\n"


def _passed(run: Run) -> str:
    if not run.tests:
        return f"status {run.status}"
    passed = sum(outcome == "passed" for outcome in run.tests.values())
    return f"{passed} of {len(run.tests)} pass"


def _counts(found: Comparison) -> Iterator[str]:
    difference = found.verdict.difference
    for what in ("newly_failing", "newly_passing", "missing", "flaky"):
        names = getattr(difference, what)
        first = f" ({names[0]})" if names else ""
        yield f"{len(names)} {what.replace('_', ' ')}{first}"


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
                "retired": list(phase.retired),
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
