"""The report for people, at a terminal: findings as lines, then what was counted."""

from __future__ import annotations

from goldenpath.guard._circles import circles
from goldenpath.guard._scan import Scan
from goldenpath.guard._uses import method_calls
from goldenpath.guard._view import View
from goldenpath.guard._words import number
from goldenpath.guard.rules._chains import counted

_MOST_PATHS = 12
_MOST_SKIPPED = 8


def as_text(scan: Scan) -> str:
    """Return the report; it can be understood without colour."""
    lines = [
        f"{f.path}:{f.line}:{f.column} {f.code} {f.message}" for f in scan.findings
    ]
    for view in scan.views:
        lines += ["", *_concept(view)]
    lines += ["", *_counted(scan)]
    return "\n".join(lines).lstrip("\n") + "\n"


def _concept(view: View) -> list[str]:
    lines = [f"{view.concept.name}: home {view.home_place}"]
    taken = [o for o in view.paths if o.uses or o.is_allowed]
    taken.sort(key=lambda o: (not o.is_allowed, -len(o.uses), o.place))
    for offered in taken[:_MOST_PATHS]:
        application, tests = counted(offered)
        lines.append(
            f"  {offered.kind:9} {offered.place}  "
            f"{application} application, {tests} tests"
        )
    if len(taken) > _MOST_PATHS:
        lines.append(f"  and {len(taken) - _MOST_PATHS} more paths")
    made = view.constructions
    in_tests = sum(one.is_test for one in made)
    lines.append(f"  made in {len(made) - in_tests} places, and in {in_tests} of tests")
    found = view.once(circles)
    now = sum(circle.kind == "import-time" for circle in found)
    lines.append(
        f"  {now} circles of imports at import time, {len(found) - now} that are not"
    )
    known, unknown = view.once(method_calls)
    lines.append(
        f"  {len(known)} calls of its methods were followed, {unknown} could not be"
    )
    return lines


def _counted(scan: Scan) -> list[str]:
    files, parsed = len(scan.project.files), scan.project.read_files
    found = number(len(scan.findings), "finding")
    read = number(parsed, "was", "were")
    lines = [f"{found} in {number(files, 'file')}; {read} worth parsing"]
    for one in scan.waived:
        f, waiver = one.finding, one.waiver
        lines.append(
            f"waived until {waiver.until} by {waiver.owner}: "
            f"{f.path}:{f.line} {f.code} {f.subject}: {waiver.reason}"
        )
    lines += [f"the waiver of {one.what} waives nothing" for one in scan.needless]
    skipped = scan.skipped
    if skipped:
        lines.append(f"{len(skipped)} were left out:")
        lines += [f"  {one.path}: {one.reason}" for one in skipped[:_MOST_SKIPPED]]
        if len(skipped) > _MOST_SKIPPED:
            lines.append(f"  and {len(skipped) - _MOST_SKIPPED} more")
    return lines
