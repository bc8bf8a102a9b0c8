"""Look for bytes that break a law of tests/fuzz/targets.py, as long as you like.

Usage:
    python tools/fuzz.py [--seconds 60] [--seed N] [--corpus FOLDER] [TARGET ...]
    python tools/fuzz.py --replay FILE TARGET

atheris watches which lines an input reaches and keeps those that reach a new one. The
tests need it not: hypothesis draws for the same targets there. What breaks a law is
written to a file, with the command that does it again.
"""

from __future__ import annotations

import argparse
import importlib
import importlib.util
import json
import random
import subprocess
import sys
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
MISSING = "atheris is not installed\n\nhint: pip install atheris (Linux, CPython)"
# One input may take so long; the largest frame takes a few milliseconds.
INPUT_SECONDS = 10
INPUT_BYTES = 16 * 1024


def targets() -> dict[str, Callable[[bytes], None]]:
    """Return the targets by their names."""
    if str(ROOT) not in sys.path:
        sys.path.insert(0, str(ROOT))
    found: dict[str, Callable[[bytes], None]] = importlib.import_module(
        "tests.fuzz.targets"
    ).TARGETS
    return found


def seeds() -> list[bytes]:
    """Return what to begin with: each frame that the documents show."""
    vectors = json.loads((ROOT / "tests/vectors/frames.json").read_text("utf-8"))
    frames = [case["json"].encode() for case in vectors["cases"] if "json" in case]
    head = importlib.import_module("tests.fuzz.targets").HEAD
    masked = b"\x81\x85\x00\x00\x00\x00hello"
    login = b'{"name":"ada","password":"secret"}'
    return [*frames, head, head + masked, masked, login]


def work(name: str, seconds: int, seed: int, corpus: Path, failures: Path) -> None:
    """Fuzz one target in this process, which ends with it."""
    atheris: Any = importlib.import_module("atheris")
    with atheris.instrument_imports(include=["goldenpath", "h11", "tests.fuzz"]):
        target = targets()[name]
    corpus.mkdir(parents=True, exist_ok=True)
    for number, data in enumerate(seeds()):
        (corpus / f"seed-{number}").write_bytes(data)
    atheris.Setup(
        [
            sys.argv[0],
            f"-max_total_time={seconds}",
            f"-seed={seed}",
            f"-timeout={INPUT_SECONDS}",
            f"-max_len={INPUT_BYTES}",
            f"-artifact_prefix={failures / name}-",
            "-verbosity=0",
            "-print_final_stats=1",
            str(corpus),
        ],
        target,
    )
    atheris.Fuzz()


def fuzz(
    names: list[str], *, seconds: int, seed: int, corpus: Path, failures: Path
) -> list[str]:
    """Fuzz targets one after the other; return those in which something was found."""
    found = []
    for name in names:
        print(f"{name}: {seconds} s", flush=True)
        done = subprocess.run(
            [
                sys.executable, __file__, "--worker", "--seconds", str(seconds),
                "--seed", str(seed), "--corpus", str(corpus / name),
                "--failures", str(failures), name,
            ],
            capture_output=True,
            check=False,
            text=True,
            errors="replace",
        )  # fmt: skip
        said = done.stdout + done.stderr
        runs = [line for line in said.splitlines() if "number_of_executed" in line]
        if done.returncode == 0 and runs:
            print(f"  {runs[-1].split()[-1]} inputs, nothing found")
            continue
        found.append(name)
        print(said[-3000:])
        for file in sorted(failures.glob(f"{name}-*")):
            print(f"  again: python tools/fuzz.py --replay {file} {name}")
    return found


def main() -> int:
    """Fuzz, and fail if something was found; 2 if there is nothing to fuzz with."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("targets", nargs="*", metavar="TARGET")
    parser.add_argument("--seconds", type=int, default=60, help="for each target")
    parser.add_argument("--seed", type=int, default=random.randrange(1, 2**31))
    parser.add_argument("--corpus", type=Path, help="kept there for the next time")
    parser.add_argument("--replay", type=Path, help="give a target these bytes")
    parser.add_argument("--worker", action="store_true", help=argparse.SUPPRESS)
    parser.add_argument("--failures", type=Path, help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    if arguments.worker:
        (name,) = arguments.targets
        work(
            name,
            arguments.seconds,
            arguments.seed,
            arguments.corpus,
            arguments.failures,
        )
    known = targets()
    if unknown := set(arguments.targets) - set(known):
        parser.error(f"no target {sorted(unknown)}; there are {', '.join(known)}")
    if arguments.replay:
        for name in arguments.targets or known:
            known[name](arguments.replay.read_bytes())
        print("nothing is broken")
        return 0
    if importlib.util.find_spec("atheris") is None:
        print(MISSING, file=sys.stderr)
        return 2
    print(f"seed {arguments.seed}")
    with tempfile.TemporaryDirectory() as folder:
        found = fuzz(
            arguments.targets or list(known),
            seconds=arguments.seconds,
            seed=arguments.seed,
            corpus=arguments.corpus or Path(folder),
            failures=Path(tempfile.mkdtemp(prefix="goldenpath-fuzz-")),
        )
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
