"""The host: starts instances for requests, and ends them for its own reasons."""

from __future__ import annotations

import asyncio
import contextlib
import os
import random
from collections.abc import Coroutine, Mapping
from pathlib import Path
from typing import Any

from emulator._instance import Instance
from emulator._record import Record
from emulator._routing import choose, needs_another
from emulator._settings import Platform


class NoInstanceError(Exception):
    """A request found no instance in time.

    Args:
        status: What to answer.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"answer {status}")
        self.status = status


class Host:
    """Keeps as many instances as are needed, of the revision that has the traffic.

    Args:
        platform: How it behaves.
        folder: For the instances' output.
        record: Is told of every change.
    """

    def __init__(self, platform: Platform, *, folder: Path, record: Record) -> None:
        self.platform = platform
        self.instances: dict[int, Instance] = {}
        self.revision = 1
        self.dice = random.Random(platform.seed)  # noqa: S311 - it shall repeat
        self._folder = folder
        self._record = record
        self._command = platform.command
        self._environment: Mapping[str, str] = platform.environment
        self._changed = asyncio.Condition()
        self._tasks: set[asyncio.Task[Any]] = set()
        self._lives: dict[int, asyncio.Task[None]] = {}
        self._waiting = 0
        self._is_open = True
        self._failures: list[BaseException] = []

    async def start(self) -> None:
        """Start what is always there."""
        self._keep_minimum()
        if self.platform.evict_every is not None:
            self._spawn(self._evict(self.platform.evict_every))

    async def stop(self) -> None:
        """End everything at once."""
        self._is_open = False
        for task in self._tasks:
            task.cancel()
        for instance in self.alive():
            if instance.has_process:
                instance.kill()
            else:
                self._lives[instance.number].cancel()
        await asyncio.gather(
            *self._tasks, *self._lives.values(), return_exceptions=True
        )
        if self._failures:
            raise BaseExceptionGroup("the host itself failed", self._failures)

    def alive(self) -> list[Instance]:
        """Return the instances that have a process, oldest first."""
        return [each for each in self.instances.values() if each.number in self._lives]

    def one(self, number: int | None = None) -> Instance:
        """Return an instance by its number; without one, the only one there is."""
        if number is not None:
            return self.instances[number]
        (instance,) = self.alive()
        return instance

    # Requests.

    async def reserve(self, *, cookie: str | None) -> Instance:
        """Return an instance that has room, with its processor running.

        Raises:
            NoInstanceError: There was none in time.
        """
        self._waiting += 1
        try:
            # The lock is held while it looks: nothing can change before it waits.
            async with asyncio.timeout(self.platform.queue_within), self._changed:
                while True:
                    number = choose(
                        self._open_requests(), self.platform, self.dice, cookie=cookie
                    )
                    if number is not None:
                        return self._taken(self.instances[number])
                    self._grow()
                    await self._changed.wait()
        except TimeoutError:
            raise NoInstanceError(429 if self._open_requests() else 503) from None
        finally:
            self._waiting -= 1

    async def release(self, instance: Instance) -> None:
        """Say that a request of an instance has ended."""
        instance.open_requests -= 1
        self._became_idle(instance)
        await self._notify()

    def _taken(self, instance: Instance) -> Instance:
        instance.open_requests += 1
        if self.platform.billing == "request":
            instance.thaw()
        return instance

    def _open_requests(self) -> dict[int, int]:
        return {
            each.number: each.open_requests
            for each in self.alive()
            if each.takes_requests and each.state == "ready"
        }

    def _grow(self) -> None:
        if not self._is_open or (
            self.platform.max_instances == 1
            and any(not each.is_stopped for each in self.alive())
        ):
            return
        starting = [each for each in self._current() if each.state == "starting"]
        if needs_another(
            self._open_requests(),
            self.platform,
            starting=len(starting),
            waiting=self._waiting,
        ):
            self.launch()

    def _became_idle(self, instance: Instance) -> None:
        if instance.open_requests or instance.state != "ready":
            return
        if self.platform.billing == "request" and instance.takes_requests:
            instance.throttle(self.platform.idle_share)
        instance.idle_since = asyncio.get_running_loop().time()
        if self.platform.scale_in_after is not None:
            self._spawn(self._scale_in(instance, instance.idle_since))

    # Instances.

    def launch(self) -> Instance:
        """Start one more instance; it is not ready yet."""
        number = len(self.instances) + 1
        instance = Instance(
            number,
            revision=self.revision,
            command=self._command,
            folder=self.platform.folder,
            environment={
                **os.environ,
                "K_SERVICE": "emulated",
                "K_CONFIGURATION": "emulated",
                "K_REVISION": f"emulated-{self.revision:05}",
                **self._environment,
                **self.platform.environment_of(number),
            },
            log=self._folder / f"instance-{number}.log",
            noted=lambda state: self._noted(number, state),
        )
        self.instances[number] = instance
        life = self._lives[number] = asyncio.create_task(self._live(instance))
        life.add_done_callback(self._done)
        return instance

    async def wait_ready(self, instance: Instance) -> None:
        """Wait until an instance takes requests.

        Raises:
            RuntimeError: It ended instead, or another one did what it should do.
        """
        async with self._changed:
            await self._changed.wait_for(lambda: instance.state != "starting")
        if instance.state == "gone":
            raise RuntimeError(f"{instance} did not start: {instance.log()}")

    async def wait_gone(self, instance: Instance) -> int | None:
        """Wait until an instance has ended; return its exit status."""
        async with self._changed:
            await self._changed.wait_for(lambda: instance.number not in self._lives)
        return instance.status

    async def scale_to(self, count: int) -> None:
        """Have so many instances that take requests, and wait until they do."""
        while len(self._current()) < count:
            self.launch()
        for instance in self._current():
            await self.wait_ready(instance)

    async def retire(self, instance: Instance) -> int | None:
        """Ask an instance to leave, kill it after the grace; return its status."""
        self._leave(instance)
        instance.terminate()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(self.platform.grace):
                return await self.wait_gone(instance)
        instance.kill()
        return await self.wait_gone(instance)

    async def lose(self, instance: Instance) -> None:
        """Kill an instance and wait until it is gone."""
        self._leave(instance)
        instance.kill()
        await self.wait_gone(instance)

    def set_aside(self, instance: Instance) -> None:
        """Send an instance no more requests; its open ones go on."""
        instance.takes_requests = False

    async def deploy(
        self,
        *,
        command: tuple[str, ...] | None,
        environment: Mapping[str, str] | None,
    ) -> None:
        """Move all traffic to a new revision, and wait until it takes requests.

        Where there may be one instance only, the old one leaves first.
        """
        old = self._current()
        self.revision += 1
        self._command = command or self._command
        self._environment = dict(self._environment) | dict(environment or {})
        overlaps = self.platform.max_instances > 1
        if not overlaps:
            for instance in old:
                self.set_aside(instance)
            await asyncio.gather(*(self.retire(instance) for instance in old))
        # A request that waited may have started it already.
        started = [each for each in self._current() if each.revision == self.revision]
        await self.wait_ready(started[0] if started else self.launch())
        for instance in old:
            self.set_aside(instance)
            if overlaps:
                self._spawn(self._drain(instance))

    def _current(self) -> list[Instance]:
        return [each for each in self.alive() if each.takes_requests]

    def _leave(self, instance: Instance) -> None:
        self.set_aside(instance)
        if instance.state != "gone":
            instance.state = "leaving"

    async def _live(self, instance: Instance) -> None:
        try:
            await asyncio.sleep(self.platform.startup_delay * self.platform.scale)
            await instance.start()
            exiting = asyncio.create_task(instance.wait_exit())
            await self._start_up(instance, exiting)
            await exiting
        finally:
            instance.state = "gone"
            del self._lives[instance.number]
            self._keep_minimum()
            await self._notify()

    async def _start_up(self, instance: Instance, exiting: asyncio.Task[int]) -> None:
        starting = asyncio.create_task(instance.wait_ready(self.platform.probe))
        await asyncio.wait(
            [exiting, starting],
            timeout=self.platform.startup_within,
            return_when=asyncio.FIRST_COMPLETED,
        )
        if not starting.done():
            starting.cancel()
            if not exiting.done():
                instance.kill()
        elif instance.state == "starting":
            instance.state = "ready"
            self._noted(instance.number, "ready")
            self._became_idle(instance)
        await self._notify()

    async def _drain(self, instance: Instance) -> None:
        """Let an old revision finish what it has, then end it."""
        most = self.platform.drain_most or self.platform.request_timeout
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(most * self.platform.scale), self._changed:
                await self._changed.wait_for(lambda: instance.open_requests == 0)
        await self.retire(instance)

    async def _scale_in(self, instance: Instance, since: float) -> None:
        assert self.platform.scale_in_after is not None
        while instance.open_requests == 0 and instance.idle_since == since:
            await asyncio.sleep(self.platform.scale_in_after * self.platform.scale)
            current = self._current()
            if instance not in current:
                return
            # A request that waits may be about to take it.
            is_needed = self._waiting or len(current) <= self.platform.min_instances
            if instance.open_requests == 0 and not is_needed:
                await self.retire(instance)
                return

    async def _evict(self, every: float) -> None:
        while True:
            wait = self.dice.expovariate(1.0 / (every * self.platform.scale))
            await asyncio.sleep(wait)
            ready = [each for each in self._current() if each.state == "ready"]
            if ready:
                self._spawn(self.retire(self.dice.choice(ready)))

    def _keep_minimum(self) -> None:
        while self._is_open and len(self._current()) < self.platform.min_instances:
            self.launch()

    def _spawn(self, work: Coroutine[Any, Any, object]) -> None:
        task = asyncio.create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._done)

    def _done(self, task: asyncio.Task[Any]) -> None:
        self._tasks.discard(task)
        if not task.cancelled() and (failure := task.exception()) is not None:
            self._failures.append(failure)

    def _noted(self, number: int, state: str) -> None:
        instance = self.instances[number]
        fields = {"instance": number, "revision": instance.revision, "state": state}
        if state == "exited":
            fields["status"] = instance.status
        self._record.note("instance", **fields)

    async def _notify(self) -> None:
        async with self._changed:
            self._changed.notify_all()
