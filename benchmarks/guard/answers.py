"""Compare a scan with the answer key of a generated tree.

Usage: `python benchmarks/guard/answers.py DIR`, for a folder made by generate.py.
Every planted violation must be found, and GP102 to GP112 may report nothing else.
"""

from __future__ import annotations

import json
import sys
import time
from pathlib import Path

from goldenpath.guard import load, scan


def main(arguments: list[str]) -> int:
    """Scan, compare, and say what was missed and what was made up."""
    if len(arguments) != 1:
        print(__doc__, file=sys.stderr)
        return 2
    folder = Path(arguments[0])
    wanted = {
        (one["code"], one["file"], one["line"])
        for one in json.loads((folder / "answers.json").read_text())
    }
    configuration = load(folder)
    began = time.perf_counter()
    result = scan(folder, configuration.concept, configuration)
    took = time.perf_counter() - began
    found = {(f.code, f.path, f.line) for f in result.findings}
    missed = sorted(wanted - found)
    made_up = sorted(found - wanted)
    for what, places in (("missed", missed), ("made up", made_up)):
        for code, path, line in places[:40]:
            print(f"{what}: {code} {path}:{line}")
    files, parsed, related = result.views[0].examined
    print(
        f"{len(wanted)} planted, {len(wanted & found)} found, {len(missed)} missed, "
        f"{len(made_up)} made up; {files} files, {parsed} parsed, {related} related; "
        f"{took:.1f} s"
    )
    strict = [one for one in made_up if one[0] not in ("GP101", "GP201")]
    return 1 if missed or strict else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
