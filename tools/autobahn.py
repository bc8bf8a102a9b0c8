"""Run Autobahn's fuzzing client against our WebSocket class, and write down how it did.

Usage:
    python tools/autobahn.py [--python PYTHON2] [--cases '1.*,2.*']

Needs a Python 2.7 (the suite's last release that runs is for it); the suite itself is
installed into a scratch folder. The cases want an echo, which `goldenpath serve` is
not: an application that echoes stands on the same server instead, with the same
limits except for the largest message and the number of its fragments, which the cases
of group 9 exceed on purpose.
"""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import json
import shutil
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from goldenpath.server._limits import Limits
from goldenpath.server._server import Server, bind

ROOT = Path(__file__).parent.parent
PAGE = "docs/reference/autobahn.md"
SUITE = "autobahntestsuite==0.8.2"
AGENT = "goldenpath"
# Compression is never negotiated, so there is nothing to see in 12 and 13.
CASES = ("1.*", "2.*", "3.*", "4.*", "5.*", "6.*", "7.*", "9.*", "10.*")
LARGEST = 32 * 1024 * 1024
GROUPS = {
    "1": "framing",
    "2": "pings and pongs",
    "3": "reserved bits",
    "4": "opcodes",
    "5": "fragments",
    "6": "UTF-8",
    "7": "closing",
    "9": "large messages, many fragments",
    "10": "fragments of the client's choice",
}
GOOD = ("OK", "NON-STRICT", "INFORMATIONAL")


async def echo(
    scope: dict[str, Any],
    receive: Callable[[], Awaitable[dict[str, Any]]],
    send: Callable[[dict[str, Any]], Awaitable[None]],
) -> None:
    """Say whatever is said."""
    if scope["type"] == "lifespan":
        while True:
            message = await receive()
            await send({"type": message["type"] + ".complete"})
            if message["type"] == "lifespan.shutdown":
                return
    await receive()
    await send({"type": "websocket.accept"})
    while (message := await receive())["type"] == "websocket.receive":
        said: dict[str, Any] = {
            key: message[key] for key in ("text", "bytes") if key in message
        }
        await send({"type": "websocket.send", **said})


def find_python(wanted: str | None) -> str:
    """Return a Python 2.7, or say how to get one."""
    candidates = [wanted] if wanted else ["python2.7", "python2", "pypy"]
    for name in candidates:
        found = shutil.which(name)
        if found is None:
            continue
        asked = subprocess.run(
            [found, "-c", "import sys; print(sys.version_info[:2] == (2, 7))"],
            capture_output=True,
            text=True,
            check=False,
        )
        if asked.stdout.strip() == "True":
            return found
    raise SystemExit(
        "no Python 2.7 was found\n\nhint: name one with --python /path/to/python2.7"
    )


def install(python: str, folder: Path) -> None:
    """Put the suite into a folder."""
    say(f"installing {SUITE}")
    subprocess.run(
        [python, "-m", "pip", "install", "--quiet", "--target", str(folder), SUITE],
        check=True,
        capture_output=True,
    )


async def run(python: str, cases: tuple[str, ...], folder: Path) -> dict[str, str]:
    """Return what became of each case."""
    limits = dataclasses.replace(
        Limits(),
        message_bytes=LARGEST,
        message_fragments=LARGEST,
        # They ping as fast as they can, to see whether all are answered.
        control_frames_burst=10_000,
        message_within=600.0,
    )
    sites = folder / "sites"
    with bind("127.0.0.1", 0, limits) as bound:
        url = f"ws://127.0.0.1:{bound.getsockname()[1]}"
        ready = asyncio.Event()

        async def nothing() -> None:
            """Nobody has to leave."""

        server = Server(echo, drain=nothing, limits=limits, is_ready=ready.set)
        serving = asyncio.create_task(server.serve(sockets=[bound]))
        await ready.wait()
        spec = {
            "outdir": str(folder / "reports"),
            "servers": [{"agent": AGENT, "url": url}],
            "cases": list(cases),
            "exclude-cases": [],
            "exclude-agent-cases": {},
        }
        (folder / "spec.json").write_text(json.dumps(spec))
        say(f"running {', '.join(cases)} against {url}; this takes some minutes")
        client = await asyncio.create_subprocess_exec(
            python, "-c",
            # A plain path would not do: one package is spread over several folders.
            f"import site, sys; site.addsitedir({str(sites)!r});"
            "sys.argv[0] = 'wstest';"
            "from autobahntestsuite.wstest import run; run()",
            "-m", "fuzzingclient", "-s", str(folder / "spec.json"),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.PIPE,
        )  # fmt: skip
        _, errors = await client.communicate()
        server.should_exit = True
        await serving
    index = folder / "reports" / "index.json"
    if not index.exists():
        raise SystemExit(f"the suite failed:\n{errors.decode()[-2000:]}")
    found = json.loads(index.read_text())[AGENT]
    return {
        case: _worse(result["behavior"], result["behaviorClose"])
        for case, result in found.items()
    }


def _worse(behaviour: str, close: str) -> str:
    return (
        behaviour
        if behaviour not in GOOD
        else close
        if close not in GOOD
        else behaviour
    )


def page(results: dict[str, str]) -> str:
    """Return the page about the results."""
    groups: dict[str, Counter[str]] = {}
    for case, outcome in results.items():
        groups.setdefault(case.split(".")[0], Counter())[outcome] += 1
    rows = [
        f"| {group} | {GROUPS.get(group, '')} | {sum(counted.values())} | "
        + " | ".join(str(counted[kind]) for kind in GOOD)
        + f" | {sum(n for kind, n in counted.items() if kind not in GOOD)} |"
        for group, counted in sorted(groups.items(), key=lambda item: int(item[0]))
    ]
    failed = [f"* {case}: {how}" for case, how in results.items() if how not in GOOD]
    not_strict = [case for case, how in results.items() if how == "NON-STRICT"]
    lines = [
        "<!-- Written by tools/autobahn.py; do not edit. -->",
        "# WebSocket conformance",
        "",
        (
            "Autobahn's fuzzing client sends right and wrong frames and looks at what "
            "comes back."
        ),
        f"The table is from the last run of `tools/autobahn.py`, with {SUITE}.",
        (
            "The cases want an echo, so an application that echoes stood on the server "
            "of `goldenpath serve`, with a larger limit for messages."
        ),
        (
            "The groups 12 and 13 are about compression, which this server never "
            "negotiates."
        ),
        "",
        "| group | about | cases | OK | non-strict | informational | failed |",
        "|---|---|---|---|---|---|---|",
        *rows,
        "",
        f"{len(results)} cases, {len(failed)} failed.",
        *failed,
        "",
        (
            "OK means that the answer was the expected one; non-strict, that it was "
            "allowed and came later or in another order than the suite likes; "
            "informational, that the standard leaves it open."
        ),
    ]
    if not_strict:
        lines.append(f"Non-strict: {', '.join(not_strict)}.")
    return "\n".join(lines) + "\n"


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)


def main() -> int:
    """Run the cases, write the page, and fail if a case failed."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--python", help="a Python 2.7; found by itself if not given")
    parser.add_argument("--cases", default=",".join(CASES), help="patterns, by commas")
    arguments = parser.parse_args()
    python = find_python(arguments.python)
    cases = tuple(arguments.cases.split(","))
    began = time.monotonic()
    with tempfile.TemporaryDirectory() as folder:
        install(python, Path(folder) / "sites")
        results = asyncio.run(run(python, cases, Path(folder)))
    failed = {case: how for case, how in results.items() if how not in GOOD}
    took = time.monotonic() - began
    print(f"{len(results)} cases in {took:.0f} s, {len(failed)} failed")
    for case, how in failed.items():
        print(f"{case}: {how}")
    if cases == CASES:
        (ROOT / PAGE).write_text(page(results), "utf-8")
        print(f"wrote {PAGE}")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
