"""The emulated host as one thing: what tests and the command line hold."""

from __future__ import annotations

import asyncio
from collections.abc import Mapping
from pathlib import Path
from typing import Self

from emulator._admin import Admin
from emulator._faults import Cut, Direction, Rule
from emulator._front import Front
from emulator._host import Host
from emulator._instance import Instance
from emulator._record import Record
from emulator._settings import Platform


class Emulator:
    """A serverless host on this machine, with real processes as instances.

    ::

        platform = Platform(command=(…, "--port", "{port}"), scale=0.01)
        async with Emulator(platform, folder=tmp_path) as emulator:
            …  # a client of emulator.url
            await emulator.kill(1)

    An instance is named by its number, from 1 in the order of their starts. Where
    there is only one, its number may be left out.

    Args:
        platform: How the host behaves.
        folder: Gets ``record.jsonl`` and the output of each instance.
        port: Of the front end; 0 takes a free one.
        admin_port: Of the admin; likewise.
    """

    def __init__(
        self, platform: Platform, *, folder: Path, port: int = 0, admin_port: int = 0
    ) -> None:
        self.platform = platform
        self.record = Record(folder / "record.jsonl")
        self._host = Host(platform, folder=folder, record=self.record)
        self._front = Front(self._host, self.record)
        self._admin = Admin(self)
        self._ports = (port, admin_port)

    async def __aenter__(self) -> Self:
        port, admin_port = self._ports
        await self._front.start(port)
        await self._admin.start(admin_port)
        await self._host.start()
        return self

    async def __aexit__(self, *_: object) -> None:
        try:
            await self._admin.stop()
            await self._front.stop()
        finally:
            await self._host.stop()
            self.record.close()

    @property
    def url(self) -> str:
        """Where clients go."""
        return f"http://127.0.0.1:{self._front.port}"

    @property
    def port(self) -> int:
        """The port of that."""
        return self._front.port

    @property
    def admin_url(self) -> str:
        """Where the admin listens."""
        return f"http://127.0.0.1:{self._admin.port}"

    @property
    def instances(self) -> list[Instance]:
        """All instances there have been, oldest first."""
        return list(self._host.instances.values())

    def alive(self) -> list[Instance]:
        """Return the instances that have a process, oldest first."""
        return self._host.alive()

    def set_rule(self, rule: Rule) -> None:
        """Treat the bytes of connections from now on by this rule."""
        self._front.rule = rule

    # What happens to instances.

    async def scale_to(self, count: int) -> None:
        """Have so many instances, and wait until they take requests."""
        await self._host.scale_to(count)

    async def kill(self, number: int | None = None) -> None:
        """Lose an instance: SIGKILL, and its connections with it."""
        await self._host.lose(self._host.one(number))

    async def terminate(self, number: int | None = None) -> int | None:
        """End an instance: SIGTERM, the grace, SIGKILL; return its exit status."""
        return await self._host.retire(self._host.one(number))

    async def freeze(self, number: int | None = None, *, replace: bool = True) -> None:
        """Take the processor from an instance; its connections stay open.

        Args:
            number: Which one.
            replace: The host takes it for lost: it is sent no more requests, even
                after it was thawed, and another instance may be started for it.
        """
        instance = self._host.one(number)
        if replace:
            self._host.set_aside(instance)
        instance.freeze()

    async def thaw(self, number: int | None = None) -> None:
        """Give the processor back."""
        self._host.one(number).thaw()

    async def throttle(self, share: float, number: int | None = None) -> None:
        """Give an instance a part of the processor, from 0 to 1."""
        self._host.one(number).throttle(share)

    async def deploy(
        self,
        *,
        command: tuple[str, ...] | None = None,
        environment: Mapping[str, str] | None = None,
    ) -> None:
        """Move the traffic to a new revision; return when it takes requests.

        The old revision keeps its open requests until they time out, or for
        ``drain_most``, and is terminated then. Where there may be one instance only,
        the old one is terminated first.

        Args:
            command: What the new revision runs; None means the same.
            environment: What it has besides.
        """
        await self._host.deploy(command=command, environment=environment)

    # What happens to connections.

    def cut(self, how: Cut = "rst") -> None:
        """End all open connections."""
        for pipe in self._front.pipes.values():
            pipe.cut(how)

    def stall(self, direction: Direction) -> None:
        """Let nothing pass in a direction, on all open connections."""
        for pipe in self._front.pipes.values():
            pipe.stall(direction)

    def release(self, direction: Direction) -> None:
        """Let bytes pass again."""
        for pipe in self._front.pipes.values():
            pipe.release(direction)

    async def wait_open(self, count: int, *, within: float = 30.0) -> None:
        """Wait until so many connections are open."""
        front = self._front
        async with asyncio.timeout(within), front.changed:
            await front.changed.wait_for(lambda: len(front.pipes) == count)
