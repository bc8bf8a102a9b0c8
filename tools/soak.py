"""Let many people live through seeded random faults, and check what is left.

Usage:
    python tools/soak.py [--minutes N] [--seed S] [--users U] [--keep]

A real server on one data folder: killed, stopped, frozen, replaced while it is frozen,
out of disk, without its bus; people with their devices behind proxies that cut, stall
and garble the way. They send, stop, retry, log out, delete, flood, and stop reading.
In the end everything is healed, and one checker looks at all frames that the devices
were sent, at all logs, and at the server: I1 to I9.

The exit code is 1 if anything does not hold. The seed draws the same people, the same
doings and the same faults; how they fall together depends on the machine as well.
"""

from __future__ import annotations

import argparse
import asyncio
import importlib
import secrets
import shutil
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parent.parent
# The tests' own server, devices and proxies are what people and fate are made of.
sys.path.insert(0, str(ROOT))

_TELL_EVERY = 10.0
# People end what they do, and everything comes to rest: part of the time asked for.
_END_SHARE = 0.15


async def soak(folder: Path, *, seconds: float, seed: int, users: int) -> list[str]:
    """Return what did not hold."""
    # By name: what is in tests is not typed.
    faults, lives, towns = (
        importlib.import_module(f"tests.soak.{name}")
        for name in ("faults", "people", "town")
    )
    began = time.monotonic()
    async with towns.Town(folder, people=users, seed=seed) as town:
        people = [lives.Person(town, name) for name in town.people]
        async with asyncio.TaskGroup() as group:
            for person in people:
                group.create_task(person.live())
            group.create_task(faults.Fate(town).strike())
            telling = group.create_task(_tell(town, began))
            await asyncio.sleep(seconds * (1.0 - _END_SHARE))
            say("it is over: everything is healed and comes to rest")
            town.is_over.set()
            telling.cancel()
        await town.heal()
        await asyncio.gather(*(person.finish() for person in people))
        found: list[str] = await town.judge()
        say(town.line(began))
        say(", ".join(f"{n} {what}" for what, n in sorted(town.counts.items())))
        say(f"most bytes of a connection: {max(town.connection_bytes):.0f}")
    return found


async def _tell(town: Any, began: float) -> None:
    while True:
        await asyncio.sleep(_TELL_EVERY)
        say(town.line(began))


def say(text: str) -> None:
    """Tell how far it is."""
    print(text, file=sys.stderr, flush=True)


def main(arguments: list[str]) -> int:
    """Soak; return the exit status."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--minutes", type=float, default=5.0)
    parser.add_argument("--seed", type=int, help="one is drawn if it is not given")
    parser.add_argument("--users", type=int, default=50)
    parser.add_argument("--keep", action="store_true", help="leave the data there")
    asked = parser.parse_args(arguments)
    seed = secrets.randbelow(10**9) if asked.seed is None else asked.seed
    again = f"python tools/soak.py --minutes {asked.minutes:g} --seed {seed}"
    if asked.users != 50:
        again += f" --users {asked.users}"
    say(f"seed {seed}; the same again: {again}")
    folder = Path(tempfile.mkdtemp(prefix="goldenpath-soak-"))
    found = asyncio.run(
        soak(folder, seconds=asked.minutes * 60.0, seed=seed, users=asked.users)
    )
    for finding in found:
        print(finding)
    if asked.keep or found:
        say(f"the data and the logs are in {folder}")
    else:
        shutil.rmtree(folder)
    print(f"{len(found)} findings; the same again: {again}")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
