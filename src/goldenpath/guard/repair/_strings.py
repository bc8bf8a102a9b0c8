"""Strings that name a path: targets of ``patch``, and dotted paths in settings."""

from __future__ import annotations

from collections.abc import Iterator

from goldenpath.guard._view import ImportPath, View
from goldenpath.guard.repair._changes import SAME_OBJECT, Collector, File
from goldenpath.guard.repair._source import Edit


def with_strings(view: View) -> Iterator[str]:
    """Yield the files in which a string may name a path to leave."""
    names = {offered.name for offered in view.paths if not offered.is_allowed}
    for path in view.mentioning(sorted(names)):
        if any(
            names.intersection(string.text.replace(":", ".").split("."))
            for string in view.facts(path).strings
        ):
            yield path


def move_strings(phase: Collector, file: File) -> None:
    """Let the strings of a file name the home by its own path."""
    view = phase.view
    home = view.project.modules.name_of(view.home.path)
    for string in view.facts(file.path).strings:
        offered, rest = named(view, file.path, string.text, began=phase.began)
        if offered is None:
            continue
        colon = ":" in string.text
        new = f"{home}{':' if colon else '.'}{'.'.join((view.home.name, *rest))}"
        start = file.source.offset(string.line, string.column)
        old = string.text.encode()
        if not string.is_plain or file.source.bytes[start : start + len(old)] != old:
            phase.leave(
                file.path,
                string.line,
                f"the string {string.text!r} is put together from pieces",
            )
            continue
        file.edits.append(Edit(start, start + len(old), new.encode()))
        file.what.append(f"line {string.line}: {string.text!r} -> {new!r}")


def named(
    view: View, path: str, text: str, *, began: View
) -> tuple[ImportPath | None, tuple[str, ...]]:
    """Return the path that a string takes, and what stands behind it.

    Args:
        view: The tree as it is.
        path: The file that the string is in.
        text: The string.
        began: The tree as it was, when somebody still took the path.
    """
    parts = text.replace(":", ".").split(".")
    for length in range(len(parts) - 1, 0, -1):
        module = view.project.modules.file_of(".".join(parts[:length]), importer=path)
        if module is None:
            continue
        offered = view.offer(module, parts[length])
        before = began.offer(module, parts[length])
        # A name that somebody imported for himself is patched where it is used.
        if (
            offered is None
            or offered.is_allowed
            or offered.kind not in SAME_OBJECT
            or before is None
            or not _is_handed_on(began, before)
        ):
            return None, ()
        return offered, tuple(parts[length + 1 :])
    return None, ()


def _is_handed_on(view: View, offered: ImportPath) -> bool:
    """Tell whether a module offers the home to others, and does not only use it."""
    return bool(offered.uses) or offered.kind != "from" or exports(view, offered)


def exports(view: View, offered: ImportPath) -> bool:
    """Tell whether a module lists a name in its ``__all__``."""
    return offered.name in (view.facts(offered.path).exported or ())
