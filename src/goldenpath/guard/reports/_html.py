"""The report as one page: no network, no scripts, both themes, readable on paper."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence
from html import escape

from goldenpath.guard._circles import Circle, circles
from goldenpath.guard._findings import Finding
from goldenpath.guard._inventory import PATTERNS, UNSOUND, inventory
from goldenpath.guard._rivals import Rival
from goldenpath.guard._scan import Scan
from goldenpath.guard._test_plan import TARGET, TestPlan, ToWrite, plan_tests
from goldenpath.guard._view import View
from goldenpath.guard._words import number
from goldenpath.guard.reports._data import totals
from goldenpath.guard.reports._markup import code, more, prose, text
from goldenpath.guard.reports._picture import (
    likely_rivals,
    made_in,
    picture,
    taken_paths,
    way_of,
)
from goldenpath.guard.reports._style import STYLE
from goldenpath.guard.rules._chains import counted
from goldenpath.guard.rules._list import BROKEN, RULES

# Side by side; the others are listed below.
_MOST_RIVALS = 6
# At a glance; the others are there to be unfolded.
_MOST_ROWS = 20
# Whatever became an element after all could neither run nor load.
_POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'"
)
# They come first: the rest can wait, these fail already, or would not be heard of.
_FIRST = (*BROKEN, "GP112")
_CIRCLES = {
    "import-time": "When modules are loaded",
    "deferred": "Later, inside functions",
    "typing": "For type checkers only",
}
_YES = '<span role="img" aria-label="yes">●</span>'
_NO = '<span class="no" role="img" aria-label="no">–</span>'


def as_html(scan: Scan) -> str:
    """Return the report as one HTML document."""
    names = ", ".join(view.concept.name for view in scan.views)
    # A heading for each concept is needed only where there are several.
    if len(scan.views) == 1:
        head = _head(scan, scan.views[0], 1)
        concepts = _concept(scan, scan.views[0], 2)
    else:
        head = (
            f"<h1>{number(len(scan.views), 'concept')}, one home each?</h1>"
            f'<p class="verdict">{_verdict(scan, scan.views)}</p>'
        )
        concepts = "".join(
            f"<section>{_head(scan, view, 2)}{_concept(scan, view, 3)}</section>"
            for view in scan.views
        )
    return (
        '<!doctype html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{_POLICY}">\n'
        '<meta name="viewport" content="width=device-width, initial-scale=1">\n'
        f"<title>{escape(names)}: one concept, one home?</title>\n"
        f"<style>{STYLE}</style>\n</head>\n<body>\n<header>{head}</header>\n<main>\n"
        f"{_overview(scan.findings)}{concepts}{_findings(scan.findings)}{_waived(scan)}{_scope(scan)}"
        "</main>\n<footer><p>Made by goldenpath guard. "
        "<code>goldenpath guard explain GP101</code> says why a rule matters, what to "
        "do, and when to allow it.</p></footer>\n</body>\n</html>\n"
    )


# The concept.


def _head(scan: Scan, view: View, level: int) -> str:
    concept = view.concept
    mine = _of(scan, view)
    others, likely, now = _departing(view)
    names = sum(f.code == "GP103" for f in mine)
    broken = sum(f.code in BROKEN for f in mine)
    tiles = (
        (number(len(taken_paths(view)), "import path"), others),
        (number(names, "other name"), names),
        (number(likely, "rival"), likely),
        (number(now, "circle"), now),
        (number(broken, "broken today", "broken today"), broken),
    )
    places = [
        f"{what} {code(place)}"
        for what, place in (
            ("home", view.home_place),
            ("door", concept.door),
            ("factory", concept.factory),
        )
        if place
    ]
    return (
        f"<h{level}>{text(concept.name)}</h{level}>"
        f'<p class="home-place">{", ".join(places)}</p><p class="verdict">'
        + _verdict(scan, [view])
        + '</p><ul class="tiles">'
        + "".join(_tile(said, departing) for said, departing in tiles)
        + "</ul>"
    )


def _of(scan: Scan, view: View) -> list[Finding]:
    return [f for f in scan.findings if f.concept == view.concept.name]


def _verdict(scan: Scan, views: Sequence[View]) -> str:
    names = {view.concept.name for view in views}
    # Of all concepts together, nothing may be missing from the sum.
    is_whole = len(views) == len(scan.views)
    findings = [f for f in scan.findings if is_whole or f.concept in names]
    waived = sum(is_whole or one.finding.concept in names for one in scan.waived)
    beside = f" {number(waived, 'is', 'are')} waived." if waived else ""
    if findings:
        files = number(len({f.path for f in findings}), "file")
        broken = sum(f.code in BROKEN for f in findings)
        now = f"; {number(broken, 'is', 'are')} broken today" if broken else ""
        return f"{number(len(findings), 'finding')} in {files}{now}.{beside}"
    if waived or any(any(_departing(view)) for view in views):
        # Waivers, a baseline and the configuration take findings away, and not what is.
        return (
            "No finding: what is shown beside the home has been accepted or allowed."
            + beside
        )
    who = "It has" if len(views) == 1 else "Each has"
    return f"{who} one home, and nothing departs from it."


def _departing(view: View) -> tuple[int, int, int]:
    """Return how many other paths, rivals and circles there are, found or accepted."""
    return (
        sum(not offered.is_allowed for offered in taken_paths(view)),
        len(likely_rivals(view)),
        sum(circle.kind == "import-time" for circle in view.once(circles)),
    )


def _tile(said: str, departing: int) -> str:
    count, _, what = said.partition(" ")
    mood, sign = ("bad", "!") if departing else ("good", "✓")
    return (
        f'<li class="{mood}"><b>{count}</b> {what}<span class="sign">{sign}</span></li>'
    )


def _concept(scan: Scan, view: View, level: int) -> str:
    mine = _of(scan, view)
    return "".join(
        _section(title, content, level)
        for title, content in (
            ("How the code gets at it", picture(view)),
            ("Import paths", _paths(view)),
            ("Rivals", _rivals(view)),
            ("Circles of imports", _circles(view)),
            ("How tests get at it", _tests(view)),
            ("What to do about the tests", _plan(view, mine)),
        )
    )


def _section(title: str, content: str, level: int = 2) -> str:
    return f"<section><h{level}>{text(title)}</h{level}>{content}</section>"


def _table(
    head: Sequence[str], rows: Iterable[Sequence[str]], *, class_: str = ""
) -> str:
    """Return a table of cells that are HTML already; on a narrow screen, a list.

    Args:
        head: What is in the columns.
        rows: The first cell of each is what the row is about.
        class_: For the style.
    """
    listed = list(rows)
    counts = {
        index
        for index in range(1, len(head))
        if all(row[index].removesuffix(" %").isdigit() for row in listed)
    }
    shown, rest = listed[:_MOST_ROWS], listed[_MOST_ROWS:]
    table = _plain_table(head, shown, counts, class_)
    if rest:
        table += more(len(rest), _plain_table(head, rest, counts, class_))
    return table


def _plain_table(
    head: Sequence[str], rows: Sequence[Sequence[str]], counts: set[int], class_: str
) -> str:
    of = [' class="count"' if index in counts else "" for index in range(len(head))]
    headings = "".join(
        f'<th scope="col"{of[index]}>{text(one)}</th>' for index, one in enumerate(head)
    )
    body = "".join(
        f'<tr><th scope="row">{row[0]}</th>'
        + "".join(
            f'<td{of[index]} data-label="{escape(head[index])}">{row[index]}</td>'
            for index in range(1, len(head))
        )
        + "</tr>"
        for row in rows
    )
    # Numbers alone fit any screen.
    stack = "" if len(counts) == len(head) - 1 else "stack"
    return (
        f'<table class="{f"{stack} {class_}".strip()}"><thead><tr>{headings}</tr>'
        f"</thead><tbody>{body}</tbody></table>"
    )


def _paths(view: View) -> str:
    rows = []
    for offered in taken_paths(view):
        application, tests = counted(offered)
        chain = " → ".join(code(f"{hop.path}:{hop.line}") for hop in offered.chain)
        way = f'<div class="way">by way of {chain}</div>' if chain else ""
        rows.append(
            (
                code(offered.place) + way,
                text(way_of(offered)),
                str(application),
                str(tests),
            )
        )
    head = ("path", "what it is", "in the application", "in tests")
    return _table(head, rows, class_="ways")


def _rivals(view: View) -> str:
    likely = likely_rivals(view)
    if not likely:
        return "<p>No class elsewhere does its job.</p>"
    shown, rest = likely[:_MOST_RIVALS], likely[_MOST_RIVALS:]
    further = ""
    if rest:
        rows = [
            (
                code(view.place_of(one.thing)),
                f"{one.score:.2f}",
                made_in(one.made),
                code(f"{one.thing.path}:{one.thing.line}"),
            )
            for one in rest
        ]
        further = more(len(rest), _table(("rival", "score", "made in", "file"), rows))
    return (
        "<p>A dot is a method that the class has. "
        "The score, from 0 to 1, is evidence and no verdict: read its reasons.</p>"
        + _matrix(view, shown)
        + f'<ul class="reasons">{"".join(_reasons(view, one) for one in shown)}</ul>'
        + further
    )


def _matrix(view: View, shown: Sequence[Rival]) -> str:
    """Return the home and its rivals side by side; it scrolls in itself."""
    home = {n for n in view.resolver.methods(view.home) if not n.startswith("_")}
    wanted = sorted(home | set(view.distinctive_methods()))
    extra = sorted({name for one in shown for name in one.extra})
    in_tests = sum(made.is_test for made in view.constructions)
    users = {(use.path, use.is_test) for o in view.paths for use in o.uses}
    tests = sum(is_test for _, is_test in users)
    rows = [
        ("file", code(view.home.path), *(_file(one) for one in shown)),
        ("score", "the home", *(f"{one.score:.2f}" for one in shown)),
        (
            "made in",
            made_in((len(view.constructions) - in_tests, in_tests)),
            *(made_in(one.made) for one in shown),
        ),
        (
            "imported by",
            _importers((len(users) - tests, tests)),
            *(_importers(one.imported) for one in shown),
        ),
    ]
    rows += [
        (code(name), _YES, *(_YES if name in one.shared else _NO for one in shown))
        for name in wanted
    ]
    rows += [
        (code(name), _NO, *(_YES if name in one.extra else _NO for one in shown))
        for name in extra
    ]
    names = (view.home.name, *(one.thing.name for one in shown))
    headings = "".join(
        f'<th scope="col">{code(name, is_column=True)}</th>' for name in names
    )
    body = "".join(
        f'<tr><th scope="row">{first}</th>'
        + "".join(f"<td>{cell}</td>" for cell in cells)
        + "</tr>"
        for first, *cells in rows
    )
    return (
        '<div class="wide" tabindex="0" role="region" aria-label="Rivals compared">'
        f'<table class="matrix"><thead><tr><td></td>{headings}</tr></thead>'
        f"<tbody>{body}</tbody></table></div>"
    )


def _file(one: Rival) -> str:
    return code(f"{one.thing.path}:{one.thing.line}")


def _importers(imported: tuple[int, int]) -> str:
    return f"{number(imported[0], 'file')}, {imported[1]} of tests"


def _reasons(view: View, one: Rival) -> str:
    reasons = "".join(
        f"<li>{text(reason.text)} <small>{reason.share:+.2f}</small></li>"
        for reason in one.reasons
    )
    return (
        f"<li>{code(view.place_of(one.thing))} <small>{one.score:.2f}, because</small>"
        f"<ul>{reasons}</ul></li>"
    )


def _circles(view: View) -> str:
    found = view.once(circles)
    if not found:
        return "<p>There is none.</p>"
    return "".join(_circle(view, circle) for circle in found)


def _circle(view: View, circle: Circle) -> str:
    name_of = view.project.modules.name_of
    names = [name_of(path) for path in (*circle.paths, circle.paths[0])]
    way = " → ".join(map(code, names))
    opens = circle.opens
    return f"<p><b>{_CIRCLES[circle.kind]}:</b> {way}. " + (
        f"Without line {opens.line} of {code(opens.source)} it is open.</p>"
        if opens
        else "No single import opens it.</p>"
    )


# Its tests.


def _tests(view: View) -> str:
    files = view.once(inventory)
    if not files:
        return "<p>No test touches it.</p>"
    patterns = Counter(one.pattern for one in files)
    most = max(patterns.values())
    bars = "".join(
        f'<tr class="{"bad" if name in UNSOUND else ""}">'
        f'<th scope="row">{text(PATTERNS[name])}'
        + (' <small class="tag bad">unsound</small>' if name in UNSOUND else "")
        + '</th><td class="bar">'
        f'<span style="width:{100 * count // most}%"></span></td>'
        f'<td class="count">{count}</td></tr>'
        for name, count in patterns.most_common()
    )
    kinds = ", ".join(
        f"{count} {text(kind)}"
        for kind, count in Counter(one.kind for one in files).most_common()
    )
    whole = sum(len(one.tests) for one in files)
    counts = (
        f" Of the tests, {sum(one.executed for one in files)} are executed, "
        f"{sum(one.empty for one in files)} do nothing, "
        f"{sum(one.skipped for one in files)} are always skipped, and "
        f"{sum(one.toothless for one in files)} cannot fail."
    )
    return (
        f"<p>{number(len(files), 'file')} ({kinds}) with {number(whole, 'test')}."
        f'{counts if whole else ""}</p><table class="bars"><thead><tr>'
        '<th scope="col">way</th><td></td><th scope="col" class="count">files</th>'
        f"</tr></thead><tbody>{bars}</tbody></table>"
    )


def _plan(view: View, findings: list[Finding]) -> str:
    plan = plan_tests(view, findings)
    files = number(len(plan.align), "file")
    return (
        _shares(plan)
        + _unfolded(
            f"{files} to bring into line",
            ("file", "why"),
            [(code(one.file.path), text(one.why)) for one in plan.align],
            is_open=True,
        )
        + _to_write("to write, failing until it is repaired", plan.failing)
        + _to_write("to write, holding what must stay", plan.stability)
    )


def _shares(plan: TestPlan) -> str:
    if not plan.align and not plan.failing:
        return "<p>No test has to change, and none has to fail first.</p>"
    parts = (
        ("to bring into line", len(plan.align)),
        ("to write, failing until it is repaired", len(plan.failing)),
        ("to write, holding what must stay", len(plan.stability)),
    )
    rows = [
        (text(what), str(count), f"{share} %", f"{target} %")
        for (what, count), share, target in zip(parts, plan.shares, TARGET, strict=True)
    ]
    return _table(("tests", "number", "share", "target"), rows)


def _to_write(what: str, tests: Sequence[ToWrite]) -> str:
    return _unfolded(
        f"{number(len(tests), 'test')} {what}",
        ("test", "what it holds"),
        [(code(one.name), text(one.holds)) for one in tests],
    )


def _unfolded(
    title: str,
    head: Sequence[str],
    rows: Sequence[Sequence[str]],
    *,
    is_open: bool = False,
) -> str:
    if not rows:
        return ""
    table = _table(head, rows, class_="places")
    start = "<details open>" if is_open else "<details>"
    return f"{start}<summary>{text(title)}</summary>{table}</details>"


# The findings.


def _in_order(findings: Sequence[Finding]) -> list[str]:
    """Return the rules that found something, what cannot wait first."""
    found = {f.code for f in findings}
    others = [rule.code for rule in RULES if rule.code not in _FIRST]
    return [code_ for code_ in (*_FIRST, *others) if code_ in found]


def _overview(findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    titles = {rule.code: rule.title for rule in RULES}
    rows = []
    for rule in _in_order(findings):
        mine = [f for f in findings if f.code == rule]
        broken = ' <small class="tag bad">broken today</small>'
        rows.append(
            (
                f'<a href="#{rule}">{rule}</a> {prose(titles[rule])}'
                + (broken if rule in BROKEN else ""),
                str(len(mine)),
                str(len({f.path for f in mine})),
                str(sum(f.is_test for f in mine)),
            )
        )
    head = ("rule", "findings", "files", "in tests")
    return _section("What was found", _table(head, rows))


def _findings(findings: Sequence[Finding]) -> str:
    if not findings:
        return ""
    titles = {rule.code: rule.title for rule in RULES}
    parts = []
    for rule in _in_order(findings):
        rows = [
            (
                code(f"{f.path}:{f.line}"),
                text(f.message)
                + (' <small class="tag">in a test</small>' if f.is_test else ""),
            )
            for f in findings
            if f.code == rule
        ]
        parts.append(
            f'<h3 id="{rule}">{rule} {prose(titles[rule])} <small>{len(rows)}</small>'
            "</h3>" + _table(("place", "what"), rows, class_="places")
        )
    return _section("All findings", "".join(parts))


def _waived(scan: Scan) -> str:
    if not scan.waived and not scan.needless:
        return ""
    rows = []
    for one in scan.waived:
        finding, waiver = one.finding, one.waiver
        rows.append(
            (
                code(f"{finding.path}:{finding.line}"),
                f"{finding.code} {text(finding.message)}",
                text(waiver.reason),
                text(waiver.owner),
                text(str(waiver.until)),
            )
        )
    table = _table(("place", "what", "why it is kept", "by", "until"), rows)
    needless = "".join(
        f"<p>The waiver of {text(waiver.what)} waives nothing.</p>"
        for waiver in scan.needless
    )
    return _section("What is waived", (table if rows else "") + needless)


def _scope(scan: Scan) -> str:
    numbers = totals(scan)
    parsed, related = numbers["parsed"], numbers["related"]
    skipped = [(code(one.path), text(one.reason)) for one in scan.skipped]
    return _section(
        "What was looked at",
        f"<p>{number(numbers['files'], 'file')}; "
        f"{number(parsed, 'was', 'were')} worth parsing, and "
        f"{number(related, 'stands', 'stand')} in a relation to the home. "
        "Nothing of the tree was imported or run.</p>"
        + (_table(("left out", "why"), skipped, class_="places") if skipped else ""),
    )
