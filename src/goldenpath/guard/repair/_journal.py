"""Writes a phase as a whole: all of its files, or none.

Before the first file changes, a journal holds what every file was and will be. Whoever
finds one later, finds a run that was interrupted, and takes it back.

Rule 1: a file that is neither as it was nor as it was to become is somebody else's
        work, and is not touched.
Rule 2: a file appears under its name complete, or not at all.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from goldenpath.guard._cache import make_private
from goldenpath.guard._errors import RepairError
from goldenpath.guard.repair._changes import Change

FOLDER = Path(".goldenpath-cache") / "repair"
_JOURNAL = "journal.json"


class _Entry(msgspec.Struct, frozen=True):
    """A file of a phase: its path, the copy of what it was, and two hashes."""

    path: str
    copy: str
    before: str
    after: str | None


def write(root: Path, changes: Sequence[Change]) -> None:
    """Write the files of a phase.

    Args:
        root: The tree.
        changes: What changes.

    Raises:
        RepairError: A file is not as it was read, or cannot be written; no file of
            the phase has changed then.
    """
    for change in changes:
        if _content(root / change.path) != change.before:
            raise RepairError(
                f"{change.path} was changed by somebody else meanwhile; "
                "nothing of this phase was written: run it again"
            )
    try:
        _note(root, changes)
        for change in changes:
            _put(root / change.path, change.after)
    except OSError as error:
        take_back(root)
        where = f" {error.filename}" if error.filename else ""
        raise RepairError(
            f"cannot write{where}: {error.strerror}; the phase was taken back"
        ) from error
    except BaseException:
        take_back(root)
        raise


def finish(root: Path) -> None:
    """Forget what the files of the last phase were: it is kept elsewhere now."""
    folder = root / FOLDER
    (folder / _JOURNAL).unlink(missing_ok=True)
    with contextlib.suppress(OSError):
        shutil.rmtree(folder)


def take_back(root: Path) -> list[str]:
    """Make the files of a phase that was not finished what they were.

    Args:
        root: The tree.

    Returns:
        The files that changed back.

    Raises:
        RepairError: Somebody has changed one since, or it cannot be written. The
            journal stays.
    """
    folder = root / FOLDER
    entries = list(_noted(folder))
    foreign = [
        entry.path
        for entry in entries
        if _hash(_content(root / entry.path)) not in (entry.before, entry.after)
    ]
    if foreign:
        raise RepairError(
            f"{foreign[0]} was changed after a repair was interrupted; what the "
            f"files of that phase were is in {FOLDER}: put them back, remove the "
            "folder, and run it again"
        )
    back = []
    try:
        for entry in entries:
            if _hash(_content(root / entry.path)) != entry.before:
                _put(root / entry.path, (folder / entry.copy).read_bytes())
                back.append(entry.path)
    except OSError as error:
        raise RepairError(
            f"cannot put {error.filename} back: {error.strerror}; "
            f"what it was is in {FOLDER}"
        ) from error
    finish(root)
    return back


def _note(root: Path, changes: Sequence[Change]) -> None:
    folder = root / FOLDER
    make_private(folder.parent)
    folder.mkdir(exist_ok=True)
    entries = []
    for index, change in enumerate(changes):
        copy = f"{index}.before"
        (folder / copy).write_bytes(change.before)
        entries.append(
            _Entry(change.path, copy, _hash(change.before) or "", _hash(change.after))
        )
    # Its appearance says that all copies are there.
    _put(folder / _JOURNAL, msgspec.json.encode(entries))


def _noted(folder: Path) -> Iterator[_Entry]:
    content = _content(folder / _JOURNAL)
    if content is None:
        return
    try:
        yield from msgspec.json.decode(content, type=list[_Entry])
    except msgspec.DecodeError as error:
        raise RepairError(f"{folder / _JOURNAL} cannot be read: {error}") from None


def _content(path: Path) -> bytes | None:
    try:
        return path.read_bytes()
    except FileNotFoundError:
        return None


def _hash(content: bytes | None) -> str | None:
    return None if content is None else hashlib.sha256(content).hexdigest()


def _put(path: Path, content: bytes | None) -> None:
    if content is None:
        path.unlink(missing_ok=True)
        return
    # Through a link to the file itself, so that the link stays.
    path = path.resolve()
    partial = path.with_name(f".{path.name}.goldenpath")
    try:
        with partial.open("wb") as file:
            file.write(content)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, partial)
        partial.replace(path)
    except BaseException:
        with contextlib.suppress(OSError):
            partial.unlink(missing_ok=True)
        raise
