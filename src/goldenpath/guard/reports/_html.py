"""The report as one page: no network, both themes, and readable on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from html import escape

from goldenpath.guard._circles import Circle, circles
from goldenpath.guard._findings import Finding
from goldenpath.guard._inventory import PATTERNS, UNSOUND, inventory
from goldenpath.guard._rivals import Rival, rivals
from goldenpath.guard._scan import Scan
from goldenpath.guard._test_plan import TARGET, plan_tests
from goldenpath.guard._view import ImportPath, View
from goldenpath.guard.reports._data import totals
from goldenpath.guard.reports._picture import picture
from goldenpath.guard.reports._style import STYLE
from goldenpath.guard.rules._chains import counted
from goldenpath.guard.rules._list import RULES

_MOST_RIVALS = 6
_MOST_ROWS = 40


def as_html(scan: Scan) -> str:
    """Return the report as one HTML document."""
    names = ", ".join(view.concept.name for view in scan.views)
    body = "".join(_concept(scan, view) for view in scan.views)
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(names)}: one concept, one home?</title>\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n<main>\n{body}"
        f"{_findings(scan.findings)}{_scope(scan)}</main>\n</body>\n</html>\n"
    )


def _concept(scan: Scan, view: View) -> str:
    mine = [f for f in scan.findings if f.concept == view.concept.name]
    taken = [o for o in view.paths if o.uses or o.is_allowed]
    likely = [one for one in view.once(rivals) if one.is_rival]
    verdict = (
        "It has one home, and nothing departs from it."
        if not mine
        else f"{_number(len(mine), 'finding')} in "
        f"{_number(len({f.path for f in mine}), 'file')}."
    )
    tiles = (
        (len(taken), "import path", "import paths"),
        (sum(f.code == "GP103" for f in mine), "other name", "other names"),
        (len(likely), "rival", "rivals"),
        (
            sum(c.kind == "import-time" for c in view.once(circles)),
            "circle",
            "circles",
        ),
        (
            sum(f.code in ("GP110", "GP111") for f in mine),
            "broken use",
            "broken uses",
        ),
    )
    return (
        f"<header><h1>{escape(view.concept.name)}</h1>"
        f"<p class=home>home <code>{escape(view.home_place)}</code></p>"
        f"<p class=verdict>{escape(verdict)}</p>"
        '<ul class="tiles">'
        + "".join(
            f'<li class="{_mood(n, one)}"><b>{n}</b> {one if n == 1 else many}</li>'
            for n, one, many in tiles
        )
        + "</ul></header>"
        + _section("How the code gets at it", picture(view))
        + _section("Import paths", _paths(taken))
        + _section("Rivals", _rivals(view, likely))
        + _section("Circles of imports", _circles(view))
        + _section("How tests get at it", _tests(view))
        + _section("What to do about the tests", _plan(view, mine))
    )


def _mood(count: int, what: str) -> str:
    return "good" if count <= (what == "import path") else ""


def _section(title: str, content: str) -> str:
    if not content:
        return ""
    return f"<section><h2>{escape(title)}</h2>{content}</section>"


def _table(head: Iterable[str], rows: Iterable[Iterable[str]]) -> str:
    """Return a table of cells that are HTML already."""
    listed = list(rows)
    shown = listed[:_MOST_ROWS]
    body = "".join(
        "<tr>" + "".join(f"<td>{cell}</td>" for cell in row) + "</tr>" for row in shown
    )
    more = (
        f"<p class=more>and {len(listed) - len(shown)} more</p>"
        if len(listed) > len(shown)
        else ""
    )
    headings = "".join(f"<th>{escape(cell)}</th>" for cell in head)
    return (
        '<div class="wide"><table><thead><tr>'
        f"{headings}</tr></thead><tbody>{body}</tbody></table></div>{more}"
    )


def _code(text: str) -> str:
    return f"<code>{escape(text)}</code>"


def _number(count: int, one: str) -> str:
    return f"{count} {one}" if count == 1 else f"{count} {one}s"


def _paths(taken: list[ImportPath]) -> str:
    rows = []
    for offered in sorted(taken, key=lambda o: (not o.is_allowed, -len(o.uses))):
        application, tests = counted(offered)
        chain = " → ".join(f"{hop.path}:{hop.line}" for hop in offered.chain)
        rows.append(
            (
                _code(offered.place),
                escape(offered.kind),
                str(application),
                str(tests),
                escape(chain),
            )
        )
    return _table(("path", "kind", "application", "tests", "by way of"), rows)


def _rivals(view: View, likely: list[Rival]) -> str:
    if not likely:
        return "<p>No class elsewhere does its job.</p>"
    shown = likely[:_MOST_RIVALS]
    home = {n for n in view.resolver.methods(view.home) if not n.startswith("_")}
    wanted = sorted(home | set(view.distinctive_methods()))
    extra = sorted({name for one in shown for name in one.extra})
    head = ["", view.home.name, *(one.thing.name for one in shown)]
    rows: list[list[str]] = [
        ["<i>file</i>", _code(view.home.path)]
        + [_code(f"{one.thing.path}:{one.thing.line}") for one in shown],
        ["<i>score</i>", ""] + [f"{one.score:.2f}" for one in shown],
        ["<i>made in</i>", ""]
        + [f"{one.made[0]} places, {one.made[1]} in tests" for one in shown],
        ["<i>imported by</i>", ""]
        + [f"{one.imported[0]} files, {one.imported[1]} tests" for one in shown],
    ]
    rows += [
        [_code(name), "●", *("●" if name in one.shared else "–" for one in shown)]
        for name in wanted
    ]
    rows += [
        [_code(name), "–", *("●" if name in one.extra else "–" for one in shown)]
        for name in extra[: _MOST_ROWS - len(rows)]
    ]
    reasons = "".join(
        f"<li>{_code(view.place_of(one.thing))}<ul>"
        + "".join(
            f"<li>{escape(reason.text)} <small>{reason.share:+.2f}</small></li>"
            for reason in one.reasons
        )
        + "</ul></li>"
        for one in shown
    )
    return _table(head, rows) + f'<ul class="reasons">{reasons}</ul>'


def _circles(view: View) -> str:
    found = view.once(circles)
    if not found:
        return (
            "<p>There is none. A module that imports two names of two others "
            "is no circle.</p>"
        )
    return "".join(_circle(view, circle) for circle in found)


def _circle(view: View, circle: Circle) -> str:
    name_of = view.project.modules.name_of
    names = [name_of(path) for path in (*circle.paths, circle.paths[0])]
    opens = (
        f" Without line {circle.opens.line} of {_code(circle.opens.source)} it is open."
        if circle.opens
        else ""
    )
    way = " → ".join(_code(name) for name in names)
    return f"<p><b>{escape(circle.kind)}</b>: {way}.{opens}</p>"


def _tests(view: View) -> str:
    files = view.once(inventory)
    if not files:
        return "<p>No test touches it.</p>"
    patterns = Counter(one.pattern for one in files)
    most = max(patterns.values())
    bars = "".join(
        f'<tr class="{"bad" if name in UNSOUND else ""}">'
        f"<td>{escape(PATTERNS[name])}</td>"
        f'<td class="bar"><span style="width:{100 * count // most}%"></span></td>'
        f"<td>{count}</td></tr>"
        for name, count in patterns.most_common()
    )
    kinds = ", ".join(
        f"{count} {escape(kind)}"
        for kind, count in Counter(one.kind for one in files).most_common()
    )
    whole = sum(len(one.tests) for one in files)
    return (
        f"<p>{whole} tests in {_number(len(files), 'file')}: {kinds}. "
        f"{sum(one.executed for one in files)} are executed, "
        f"{sum(one.empty for one in files)} do nothing, "
        f"{sum(one.skipped for one in files)} are always skipped, "
        f"{sum(one.toothless for one in files)} cannot fail.</p>"
        f'<table class="bars"><tbody>{bars}</tbody></table>'
    )


def _plan(view: View, findings: list[Finding]) -> str:
    plan = plan_tests(view, findings)
    parts = (
        ("to bring into line", len(plan.align)),
        ("to write, failing until it is repaired", len(plan.failing)),
        ("to write, holding what must stay", len(plan.stability)),
    )
    rows = [
        (escape(what), str(count), f"{share} %", f"{target} %")
        for (what, count), share, target in zip(parts, plan.shares, TARGET, strict=True)
    ]
    align = [(_code(one.file.path), escape(one.why)) for one in plan.align]
    return _table(("tests", "number", "share", "target"), rows) + (
        _table(("file to bring into line", "why"), align) if align else ""
    )


def _findings(findings: list[Finding]) -> str:
    if not findings:
        return ""
    titles = {rule.code: rule.title for rule in RULES}
    parts = []
    for code in sorted({f.code for f in findings}):
        mine = [f for f in findings if f.code == code]
        rows = [
            (
                _code(f"{f.path}:{f.line}"),
                escape(f.message),
                "test" if f.is_test else "",
            )
            for f in mine
        ]
        parts.append(
            f"<h3>{code} {escape(titles[code])} <small>{len(mine)}</small></h3>"
            + _table(("place", "what", ""), rows)
        )
    return _section("All findings", "".join(parts))


def _scope(scan: Scan) -> str:
    numbers = totals(scan)
    skipped = [(_code(one.path), escape(one.reason)) for one in scan.skipped]
    return _section(
        "What was looked at",
        f"<p>{numbers['files']} files, of which {numbers['parsed']} were worth parsing "
        f"and {numbers['related']} stand in a relation to it. Nothing of the tree was "
        "imported or run.</p>"
        + (_table(("left out", "why"), skipped) if skipped else ""),
    )
