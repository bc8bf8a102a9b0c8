"""The Python files of a tree, and those that were left out, with the reason.

Nothing is followed twice: a symbolic link to a folder that was seen, or to one that
holds it, is left out.
"""

from __future__ import annotations

import fnmatch
import io
import os
import stat
import tokenize
from collections.abc import Iterator, Sequence
from pathlib import Path

import msgspec

from goldenpath.guard._errors import TreeError

# Somebody's generated data, not somebody's code; it would cost more than all others.
MOST_BYTES = 4 * 1024 * 1024
_NEVER = frozenset(
    (
        "__pycache__", "node_modules", "site-packages", "dist-packages", "build",
        "dist", "_build", "venv", "env", "eggs",
    )
)  # fmt: skip


class SourceFile(msgspec.Struct, frozen=True, array_like=True):
    """A file of the tree.

    Attributes:
        path: From the tree's root, with ``/``.
        size: Bytes.
        modified: Nanoseconds since 1970.
    """

    path: str
    size: int
    modified: int


class Skipped(msgspec.Struct, frozen=True):
    """Something that was not read, and why.

    Attributes:
        path: From the tree's root, with ``/``.
        reason: In a few words.
    """

    path: str
    reason: str


class Listing(msgspec.Struct):
    """What a tree holds."""

    files: list[SourceFile]
    skipped: list[Skipped]


def require_folder(root: Path) -> None:
    """Refuse what is no folder.

    Raises:
        TreeError: It is none.
    """
    if not root.exists():
        raise TreeError(f"there is no folder {str(root)!r}")
    if not root.is_dir():
        raise TreeError(f"{str(root)!r} is a file; name the folder of the project")


def list_files(root: Path, *, exclude: Sequence[str] = ()) -> Listing:
    """Return the Python files below a folder, sorted by path.

    Args:
        root: The folder.
        exclude: Patterns of paths from the root; ``legacy/`` leaves out a folder.

    Raises:
        TreeError: It is no folder, or cannot be read.
    """
    require_folder(root)
    found = Listing([], [])
    try:
        status = root.stat()
        _walk(root, "", found, exclude, {(status.st_dev, status.st_ino)})
    except OSError as error:
        raise TreeError(f"{str(root)!r} cannot be read: {error.strerror}") from error
    found.files.sort(key=lambda file: file.path)
    found.skipped.sort(key=lambda one: one.path)
    return found


def _walk(
    folder: Path,
    prefix: str,
    found: Listing,
    exclude: Sequence[str],
    seen: set[tuple[int, int]],
) -> None:
    for entry in _entries(folder, prefix, found):
        path = prefix + entry.name
        try:
            is_folder = entry.is_dir()
            if not is_folder and not entry.name.endswith(".py"):
                continue
            if _is_excluded(path + "/" if is_folder else path, exclude):
                continue
            if not _is_text(path):
                found.skipped.append(Skipped(_shown(path), "its name is no UTF-8"))
                continue
            # What a terminal obeys must not reach one, nor a commit or a page.
            if not path.isprintable():
                why = "its name has characters that cannot be shown"
                found.skipped.append(Skipped(_shown(path), why))
                continue
            if is_folder:
                if not _is_source(entry):
                    continue
                status = entry.stat()
                place = (status.st_dev, status.st_ino)
                if place in seen:
                    found.skipped.append(
                        Skipped(path, "a link to a folder seen before")
                    )
                    continue
                seen.add(place)
                _walk(Path(entry.path), path + "/", found, exclude, seen)
            else:
                _take(entry, path, found)
        except OSError as error:
            found.skipped.append(Skipped(path, error.strerror or str(error)))


def _is_text(path: str) -> bool:
    try:
        path.encode()
    except UnicodeEncodeError:
        return False
    return True


def _shown(path: str) -> str:
    text = os.fsencode(path).decode("utf-8", "backslashreplace")
    return "".join(
        one if one.isprintable() else one.encode("unicode_escape").decode()
        for one in text
    )


def _entries(folder: Path, prefix: str, found: Listing) -> Iterator[os.DirEntry[str]]:
    try:
        with os.scandir(folder) as entries:
            yield from list(entries)
    except OSError as error:
        if not prefix:
            raise
        found.skipped.append(Skipped(prefix.rstrip("/"), error.strerror or str(error)))


def _is_source(entry: os.DirEntry[str]) -> bool:
    if entry.name.startswith(".") or entry.name in _NEVER:
        return False
    if entry.name.endswith((".egg-info", ".egg")):
        return False
    return not os.path.exists(os.path.join(entry.path, "pyvenv.cfg"))  # noqa: PTH110, PTH118


def _take(entry: os.DirEntry[str], path: str, found: Listing) -> None:
    status = entry.stat()
    if not stat.S_ISREG(status.st_mode):
        # Reading a pipe would wait for somebody to write into it.
        found.skipped.append(Skipped(path, "no regular file"))
        return
    if status.st_size > MOST_BYTES:
        size = status.st_size // (1024 * 1024)
        found.skipped.append(Skipped(path, f"{size} MB, which is data and no code"))
        return
    found.files.append(SourceFile(path, status.st_size, status.st_mtime_ns))


def _is_excluded(path: str, exclude: Sequence[str]) -> bool:
    return any(
        path == pattern
        or path.startswith(pattern if pattern.endswith("/") else pattern + "/")
        or fnmatch.fnmatchcase(path.rstrip("/"), pattern.rstrip("/"))
        for pattern in exclude
    )


def decode(content: bytes) -> str:
    """Return a file's text, in the encoding that it declares.

    Raises:
        ValueError: It declares none that fits; the message is for people.
    """
    try:
        encoding, _ = tokenize.detect_encoding(io.BytesIO(content).readline)
        text = content.decode(encoding)
    except SyntaxError as error:
        raise ValueError(f"its encoding is unknown: {error}") from None
    except UnicodeDecodeError as error:
        raise ValueError(
            f"byte {error.start} is no {error.encoding}; a coding line is missing"
        ) from None
    except LookupError as error:
        raise ValueError(f"its encoding is unknown: {error}") from None
    if "\x00" in text:
        raise ValueError("it holds a NUL byte")
    return text.removeprefix("\ufeff")
