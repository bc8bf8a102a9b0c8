"""What was said of a tree that has not changed since: it need not be found out again.

Rule 1: a report is known by everything that it was made of: every file's path, size and
        time, the settings, the concepts, the format, the accepted findings, and the
        guard's own files.
Rule 2: a report of a tree of which something could not be read is not remembered.
Rule 3: an answer about a file's bytes is known by the question, the file's path, size
        and time, and the guard's own files.
"""

from __future__ import annotations

import functools
import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from goldenpath.guard._config import Concept, Configuration
from goldenpath.guard._entry_points import entry_points
from goldenpath.guard._files import Listing, SourceFile, list_files

_encoder = msgspec.msgpack.Encoder()


class Remembered(msgspec.Struct, frozen=True, array_like=True):
    """A report.

    Attributes:
        text: As it was written.
        status: The exit status that went with it.
        remark: What was said beside it.
    """

    text: str
    status: int
    remark: str


class Verdict(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What was answered about a file.

    Attributes:
        size: The file's bytes then.
        modified: And its time.
        is_yes: The answer.
    """

    size: int
    modified: int
    is_yes: bool


def key_of(
    root: Path,
    listing: Listing,
    concepts: Iterable[Concept],
    configuration: Configuration,
    *more: str,
) -> str:
    """Return what a report of a tree is known by."""
    made_of = (
        str(root.resolve()),
        listing,
        entry_points(root),
        tuple(concepts),
        configuration,
        more,
        sys.version,
        _own_files(),
    )
    return _hash(made_of)


def key_of_question(*asked: object) -> str:
    """Return what verdicts are known by: all that the question is made of."""
    return _hash((asked, _own_files()))


@functools.cache
def _own_files() -> list[SourceFile]:
    return list_files(Path(__file__).parent).files


def _hash(made_of: object) -> str:
    return hashlib.sha256(_encoder.encode(made_of)).hexdigest()
