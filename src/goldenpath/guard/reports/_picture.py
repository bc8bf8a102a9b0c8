"""The concept at the centre, the paths that lead to it, and what stands beside it."""

from __future__ import annotations

from html import escape

from goldenpath.guard._rivals import rivals
from goldenpath.guard._view import ImportPath, View
from goldenpath.guard.rules._chains import counted

_WIDTH = 1000
_BOX, _HEIGHT, _GAP = 300, 46, 14
_MOST = 12
_CHARACTERS = 40


def picture(view: View) -> str:
    """Return an SVG: paths on the left, the home in the middle, rivals on the right."""
    paths = [o for o in view.paths if o.kind != "home" and (o.uses or o.is_allowed)]
    paths.sort(key=lambda o: (not o.is_allowed, -len(o.uses), o.place))
    beside = [one for one in view.once(rivals) if one.is_rival]
    left = paths[:_MOST]
    right = beside[:_MOST]
    rows = max(len(left), len(right), 1)
    height = rows * (_HEIGHT + _GAP) + _GAP + 24
    middle = height / 2
    parts = [_home(view, middle)]
    for index, offered in enumerate(left):
        y = _row(index, len(left), height)
        parts.append(_path(offered, y, middle))
    for index, rival in enumerate(right):
        y = _row(index, len(right), height)
        x = _WIDTH - _BOX
        box = _box(x, y, rival.thing.name, _rival_note(rival.made))
        parts.append(f'<g class="bad">{box}</g>')
    hidden = len(paths) - len(left) + len(beside) - len(right)
    note = f"<p class=more>and {hidden} more, in the tables below</p>" if hidden else ""
    label = (
        f"{len(paths)} other paths lead to {view.home_place}; "
        f"{len(beside)} rivals stand beside it"
    )
    return (
        f'<svg viewBox="0 0 {_WIDTH} {height}" role="img" '
        f'aria-label="{escape(label)}">{"".join(parts)}</svg>{note}'
    )


def _row(index: int, count: int, height: float) -> float:
    whole = count * (_HEIGHT + _GAP) - _GAP
    return (height - whole) / 2 + index * (_HEIGHT + _GAP)


def _home(view: View, middle: float) -> str:
    own = view.paths[0]
    application, tests = counted(own)
    x = (_WIDTH - _BOX) / 2 + 10
    note = f"{application} in the application, {tests} in tests"
    box = _box(x, middle - _HEIGHT / 2, view.home.name, note, width=_BOX - 20)
    return f'<g class="home">{box}</g>'


def _path(offered: ImportPath, y: float, middle: float) -> str:
    application, tests = counted(offered)
    kind = "door" if offered.is_allowed else offered.kind
    note = f"{kind}: {application} in the application, {tests} in tests"
    start, end = _BOX, (_WIDTH - _BOX) / 2 + 10
    line_y = y + _HEIGHT / 2
    bend = (start + end) / 2
    line = (
        f'<path d="M {start} {line_y:.0f} C {bend} {line_y:.0f}, {bend} {middle:.0f}, '
        f'{end:.0f} {middle:.0f}"/>'
    )
    class_ = "" if offered.is_allowed else "bad"
    return f'<g class="{class_}">{line}{_box(0, y, offered.place, note)}</g>'


def _rival_note(made: tuple[int, int]) -> str:
    return f"rival, made in {made[0]} places and {made[1]} of tests"


def _box(x: float, y: float, title: str, note: str, *, width: float = _BOX) -> str:
    shown = title if len(title) <= _CHARACTERS else "…" + title[-_CHARACTERS + 1 :]
    return (
        f"<title>{escape(title)}</title>"
        f'<rect x="{x + 1:.0f}" y="{y:.0f}" width="{width - 2:.0f}" '
        f'height="{_HEIGHT}" rx="6"/>'
        f'<text x="{x + 12:.0f}" y="{y + 19:.0f}">{escape(shown)}</text>'
        f'<text class="dim" x="{x + 12:.0f}" y="{y + 36:.0f}">{escape(note)}</text>'
    )
