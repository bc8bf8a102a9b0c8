from __future__ import annotations

import asyncio
import json
import os
from pathlib import Path

import click

from fieldhub.coldchain.fridges import FridgeLogger
from fieldhub.collect.types import SensorSpec
from fieldhub.lab.bench import BenchRecorder
from fieldhub.legacy.poller import Poller
from fieldhub.ops.logs import LogCollector
from fieldhub.tools.blocking import BlockingCollector
from fieldhub.v2.harvest import Harvester


@click.group()
def cli() -> None:
    """Odd jobs of the hub."""


@cli.command()
@click.argument("site", type=Path)
def show(site: Path) -> None:
    collector = BlockingCollector(
        [SensorSpec(**s) for s in json.loads(site.read_text())["sensors"]]
    )
    for reading in collector.read_all():
        click.echo(f"{reading.sensor_id:20} {reading.value:8.2f} {reading.unit}")
    collector.close()


@cli.command()
def fridges() -> None:
    probes = json.loads(Path("/etc/fieldhub/fridges.json").read_text())
    FridgeLogger(probes, Path("/srv/coldchain")).log_all()


@cli.command()
@click.argument("topics", nargs=-1)
def harvest(topics: tuple[str, ...]) -> None:
    asyncio.run(Harvester("mqtt.local", os.environ["DSN"], list(topics)).run())


@cli.command()
@click.argument("addresses", nargs=-1, type=int)
def poll(addresses: tuple[int, ...]) -> None:
    poller = Poller("/var/lib/fieldhub/readings.db", addresses)
    poller.start()
    poller.join()


@cli.command()
@click.argument("out")
def bench(out: str) -> None:
    recorder = BenchRecorder("/dev/ttyACM0")
    recorder.record(seconds=600)
    recorder.save(out)


@cli.command()
@click.argument("ticket")
def logs(ticket: str) -> None:
    hosts = Path("/etc/fieldhub/hosts").read_text().split()
    click.echo(asyncio.run(LogCollector(hosts, Path("/tmp")).collect(ticket)))
