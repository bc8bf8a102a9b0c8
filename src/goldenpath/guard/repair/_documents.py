"""Lets documents name the home where they name a path that is gone.

This is for those who ask for it: a page may tell of what was.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from pathlib import Path

from goldenpath.guard._view import View
from goldenpath.guard.repair._changes import SAME_OBJECT, Change, Changes, Collector

_ENDINGS = (".md", ".rst", ".txt")
_OTHERS = frozenset(("build", "dist", "node_modules", "site-packages", "venv"))


def rewrite_documents(view: View, began: View) -> Changes:
    """Replace paths that a repair has retired by the home's own.

    Args:
        view: The tree as it is.
        began: As it was before the repair, with the paths that are gone.
    """
    phase = Collector(view, began)
    still = {one.place for one in view.paths}
    gone = [
        (one.module, one.name)
        for one in began.paths
        if not one.is_allowed and one.kind in SAME_OBJECT and one.place not in still
    ]
    if not gone:
        return phase.made
    home = (view.project.modules.name_of(view.home.path), view.home.name)
    for file in _documents(view.project.root):
        try:
            before = file.read_bytes()
        except OSError:
            continue
        after, count = before, 0
        for old in gone:
            after, more = _renamed(after, old, home)
            count += more
        if count:
            path = file.relative_to(view.project.root).as_posix()
            what = f"{count} times the home is named"
            phase.made.changes.append(Change(path, before, after, (what,)))
    return phase.made


def _documents(root: Path) -> Iterator[Path]:
    for file in sorted(root.rglob("*")):
        parts = file.relative_to(root).parts
        if file.suffix in _ENDINGS and not any(
            part in _OTHERS or part.startswith(".") for part in parts
        ):
            yield file


def _renamed(
    text: bytes, old: tuple[str, str], new: tuple[str, str]
) -> tuple[bytes, int]:
    """Return a text with one path replaced, and how often.

    As dotted text, with a colon before the name, and as an import of this name alone.
    """
    module, name = (re.escape(part.encode()) for part in old)
    as_path = rb"(?<![\w.])%b([.:])%b(?!\w)" % (module, name)
    as_import = rb"(?<!\w)from %b import %b(?!\w|[ \t]*,|[ \t]+as\b)" % (module, name)
    new_module, new_name = (part.encode() for part in new)
    text, paths = re.subn(as_path, lambda found: new_module + found[1] + new_name, text)
    text, imports = re.subn(
        as_import, lambda _found: b"from %b import %b" % (new_module, new_name), text
    )
    return text, paths + imports
