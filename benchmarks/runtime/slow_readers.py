"""What two hundred readers that stopped reading cost the others.

Usage: `python benchmarks/runtime/slow_readers.py [--rounds 5] [--stuck 200]`

One server, one user, one thread that an agent fills. Devices follow it and note, of
each event, how long it took from its commit to them (both on this machine's clock).
Rounds alternate: undisturbed, and with raw peers that follow the same thread and never
read; what the kernel holds for them is filled before anything is measured. The ratio
of the two p99 is paired within a round; the aim is 1.2.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import statistics
import sys
import tempfile
import time
from pathlib import Path

from goldenpath.client import Client
from goldenpath.protocol import EventFrame
from tests.support.raw import RawPeer, frame
from tests.support.server import ServerProcess, make_users

HONEST = 20
AGENT = """
import asyncio


async def agent(message, ctx):
    is_filling = message == "fill"
    for number in range(400 if is_filling else 200):
        yield f"{number} " + "x" * (1200 if is_filling else 120) + " "
        await asyncio.sleep(0.002 if is_filling else 0.02)
"""


async def one_round(server: ServerProcess, token: str, stuck: int) -> list[float]:
    """Return the seconds that events took to reach the honest devices."""
    took: list[float] = []

    def hear(heard: object) -> None:
        if isinstance(heard, EventFrame) and heard.log.startswith("thread:"):
            took.append(time.time() - heard.time)

    async with server.client(token) as http:
        first = Client(http)
        async with first:
            sent = await first.send("begin")
            await first.wait_run_ended(sent)
            devices = [Client(http, heard=hear) for _ in range(HONEST)]
            for device in devices:
                device.start()
            for device in devices:
                await device.follow(sent.thread or "")
            peers = await asyncio.to_thread(_stick, server, token, sent.thread, stuck)
            await first.wait_run_ended(await first.send("fill", thread=sent.thread))
            took.clear()
            await first.wait_run_ended(await first.send("go", thread=sent.thread))
            for device in devices:
                await device.stop()
            for peer in peers:
                peer.close()
    return took


def _stick(
    server: ServerProcess, token: str, thread: str | None, count: int
) -> list[RawPeer]:
    peers = []
    for number in range(count):
        peer = RawPeer(server.port, receive_buffer=2048)
        peer.open(headers=[("Authorization", f"Bearer {token}")])
        hello = {
            "frame": "hello",
            "device": f"stuck{number}",
            "threads": [thread],
            "cursors": {},
        }
        peer.send(frame(json.dumps(hello)))
        peers.append(peer)
    return peers


def _p99(values: list[float]) -> float:
    return statistics.quantiles(values, n=100)[98]


async def measure(rounds: int, stuck: int) -> list[tuple[float, float]]:
    """Return the p99 of each round, undisturbed and disturbed."""
    found = []
    with tempfile.TemporaryDirectory() as folder:
        data = Path(folder)
        (data / "filler.py").write_text(AGENT)
        tokens = await make_users(data, "ann")
        server = ServerProcess(
            data,
            agent="filler:agent",
            settings={"connections_per_user": stuck + 2 * HONEST},
        )
        server.start()
        try:
            await server.wait_ready()
            for number in range(rounds):
                calm = _p99(await one_round(server, tokens["ann"], 0))
                busy = _p99(await one_round(server, tokens["ann"], stuck))
                found.append((calm, busy))
                print(
                    f"round {number + 1}: p99 {calm * 1000:.1f} ms alone, "
                    f"{busy * 1000:.1f} ms beside {stuck} stuck readers, "
                    f"ratio {busy / calm:.2f}",
                    file=sys.stderr,
                )
        finally:
            server.kill()
    return found


def main() -> int:
    """Measure and print the median ratio."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--stuck", type=int, default=200)
    asked = parser.parse_args()
    found = asyncio.run(measure(asked.rounds, asked.stuck))
    ratios = [busy / calm for calm, busy in found]
    print(
        f"p99 beside {asked.stuck} stuck readers / alone: median "
        f"{statistics.median(ratios):.2f}, from {min(ratios):.2f} to {max(ratios):.2f}"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
