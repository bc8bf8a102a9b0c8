"""``python -m emulator``: the emulated host until Ctrl+C."""

from __future__ import annotations

import argparse
import asyncio
import dataclasses
import inspect
import re
import signal
import sys
from pathlib import Path

from emulator._emulator import Emulator
from emulator._faults import seeded
from emulator._settings import GOLDENPATH, Platform

_NOT_HERE = {"command", "environment", "environment_of", "rule", "strip", "folder"}
_CHOICES = {
    "request_cut": ("fin", "rst", "torn"),
    "idle_counts": ("each", "both"),
    "billing": ("request", "instance"),
}


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="python -m emulator",
        description="A serverless host on this machine, for tests. Durations are "
        "seconds of the platform; --scale makes them seconds of yours.",
        epilog="Everything after -- is the command of an instance, in which {port} "
        f"becomes its port; without it: {' '.join(('python', *GOLDENPATH[1:]))}",
    )
    parser.add_argument("--port", type=int, default=8080, help="of the front end")
    parser.add_argument("--admin-port", type=int, default=8081, help="of the admin")
    parser.add_argument(
        "--folder", type=Path, default=Path("emulated"), help="for record and output"
    )
    parser.add_argument(
        "--faults", type=int, metavar="SEED", help="mistreat bytes by this seed"
    )
    parser.add_argument(
        "--strip", action="append", default=[], metavar="HEADER", help="to take away"
    )
    meanings = _meanings()
    for field in dataclasses.fields(Platform):
        if field.name in _NOT_HERE:
            continue
        option = "--" + field.name.replace("_", "-")
        kind = str(field.type).split(" ", maxsplit=1)[0]
        if kind == "bool":
            parser.add_argument(option, action="store_true", help=meanings[field.name])
            continue
        parser.add_argument(
            option,
            type={"int": int, "float": float}.get(kind, str),
            choices=_CHOICES.get(field.name),
            default=field.default,
            help=f"{meanings[field.name]} (default: {_shown(field.default)})",
        )
    parser.add_argument("command", nargs="*", metavar="-- COMMAND")
    return parser


def _meanings() -> dict[str, str]:
    """Return what the docstring of ``Platform`` says of each field."""
    text = inspect.cleandoc(Platform.__doc__ or "").partition("Attributes:\n")[2]
    found = re.findall(r"^ {4}(\w+): (.*(?:\n {8}.*)*)", text, re.MULTILINE)
    return {
        name: re.sub(r"\s+", " ", meaning).replace("``", "").rstrip(".")
        for name, meaning in found
    }


def _shown(default: object) -> object:
    return "none" if default is None else default


async def _run(arguments: argparse.Namespace) -> None:
    knobs = {
        field.name: getattr(arguments, field.name)
        for field in dataclasses.fields(Platform)
        if field.name not in _NOT_HERE
    }
    platform = Platform(
        **knobs,
        command=tuple(arguments.command) or GOLDENPATH,
        folder=Path.cwd(),
        strip=tuple(name.lower() for name in arguments.strip),
    )
    arguments.folder.mkdir(parents=True, exist_ok=True)
    stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, stop.set)
    async with Emulator(
        platform,
        folder=arguments.folder,
        port=arguments.port,
        admin_port=arguments.admin_port,
    ) as emulator:
        if arguments.faults is not None:
            emulator.set_rule(seeded(arguments.faults))
        sys.stdout.write(
            f"front   {emulator.url}\n"
            f"admin   {emulator.admin_url}\n"
            f"record  {emulator.record.path}\n"
        )
        sys.stdout.flush()
        await stop.wait()


def main() -> None:
    """Run the command."""
    asyncio.run(_run(_parser().parse_args()))


if __name__ == "__main__":
    main()
