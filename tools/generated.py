"""Generated files: write those that are stale, or say which are."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path


def write_or_check(
    files: Mapping[str, str], *, root: Path, arguments: list[str], command: str
) -> int:
    """Write the files that differ, or with ``--check`` only name them.

    Args:
        files: What each file should hold, by its path below the root.
        root: The checkout.
        arguments: Of the command line.
        command: What a person types to write them.

    Returns:
        0; 1 if ``--check`` found a stale file; 2 for arguments that make no sense.
    """
    if arguments not in ([], ["--check"]):
        print(f"unknown arguments {arguments!r}; try --check", file=sys.stderr)
        return 2
    stale = [
        name
        for name, content in files.items()
        if not (root / name).exists() or (root / name).read_text("utf-8") != content
    ]
    for name in stale:
        if arguments:
            print(f"{name} is stale", file=sys.stderr)
        else:
            (root / name).write_text(files[name], "utf-8")
            print(f"wrote {name}")
    if stale and arguments:
        print(f"\nhint: run `{command}`", file=sys.stderr)
        return 1
    return 0
