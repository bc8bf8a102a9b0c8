"""The concept at the centre, the paths that lead to it, and what stands beside it.

It is made of lists and borders: names wrap instead of being cut, and on a narrow screen
the columns stand one below the other.
"""

from __future__ import annotations

from collections.abc import Sequence

from goldenpath.guard._rivals import Rival, rivals
from goldenpath.guard._view import ImportPath, View
from goldenpath.guard._words import number
from goldenpath.guard.reports._markup import code, text
from goldenpath.guard.rules._chains import counted

_MOST = 8
_WAYS = {
    "home": "the home",
    "door": "its door",
    "from": "handed on",
    "star": "by a star import",
    "alias": "another name",
    "getattr": "by __getattr__",
    "subclass": "a subclass without a body",
    "entry": "kept in a dictionary",
}


def picture(view: View) -> str:
    """Return the paths on the left, the home in the middle, rivals on the right."""
    others = [o for o in taken_paths(view) if o.kind != "home"]
    beside = likely_rivals(view)
    home = _box("home", view.home.name, f"the home: {people_of(view.paths[0])}")
    hidden = max(0, len(others) - _MOST) + max(0, len(beside) - _MOST)
    note = f'<p class="more">and {hidden} more, listed below</p>' if hidden else ""
    return (
        '<div class="picture">'
        + _paths(others[:_MOST])
        + f'<div class="centre">{home}</div>'
        + _rivals(beside[:_MOST])
        + f"</div>{note}"
    )


def taken_paths(view: View) -> list[ImportPath]:
    """Return the paths that are allowed or taken, in the order in which to read."""
    taken = [o for o in view.paths if o.uses or o.is_allowed]
    return sorted(
        taken,
        key=lambda o: (o.kind != "home", not o.is_allowed, -len(o.uses), o.place),
    )


def likely_rivals(view: View) -> list[Rival]:
    """Return the classes that do the concept's job elsewhere."""
    return [one for one in view.once(rivals) if one.is_rival]


def way_of(offered: ImportPath) -> str:
    """Say in words how a path comes to the home."""
    return _WAYS.get(offered.kind, offered.kind)


def people_of(offered: ImportPath) -> str:
    """Say how often a path is taken, in few words."""
    application, tests = counted(offered)
    return f"{application} in the application, {tests} in tests"


def made_in(made: tuple[int, int]) -> str:
    """Say where a class is made, in few words."""
    return f"{number(made[0], 'place')}, {made[1]} in tests"


def _paths(others: Sequence[ImportPath]) -> str:
    boxes = [
        _box(
            "good" if offered.is_allowed else "bad",
            offered.place,
            f"{way_of(offered)}: {people_of(offered)}",
        )
        for offered in others
    ]
    return _column("paths", "Other paths to it", boxes, "No other path leads to it.")


def _rivals(beside: Sequence[Rival]) -> str:
    boxes = [
        _box("bad", one.thing.name, f"a rival: made in {made_in(one.made)}")
        for one in beside
    ]
    return _column("beside", "Rivals", boxes, "No rival stands beside it.")


def _column(class_: str, label: str, boxes: Sequence[str], none: str) -> str:
    if not boxes:
        return f'<p class="none">{text(none)}</p>'
    listed = "".join(f"<li>{box}</li>" for box in boxes)
    return f'<ul class="{class_}" aria-label="{label}">{listed}</ul>'


def _box(class_: str, title: str, note: str) -> str:
    return (
        f'<div class="box {class_}">{code(title)}'
        f'<span class="note">{text(note)}</span></div>'
    )
