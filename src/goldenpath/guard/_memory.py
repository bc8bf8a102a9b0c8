"""What was said of a tree that has not changed since: it need not be found out again.

Rule 1: a report is known by everything that it was made of: every file's path, size and
        time, the settings, the concepts, the format, the accepted findings, and the
        guard's own files.
Rule 2: a report of a tree of which something could not be read is not remembered.
"""

from __future__ import annotations

import hashlib
import sys
from collections.abc import Iterable
from pathlib import Path

import msgspec

from goldenpath.guard._config import Concept, Configuration
from goldenpath.guard._entry_points import entry_points
from goldenpath.guard._files import Listing, list_files

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
        list_files(Path(__file__).parent),
    )
    return hashlib.sha256(_encoder.encode(made_of)).hexdigest()
