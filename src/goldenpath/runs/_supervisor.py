"""Runs, from queued to their one end, detached from every connection."""

from __future__ import annotations

import asyncio
import logging
import time
from collections.abc import Awaitable, Callable
from typing import Any

from goldenpath._settings import Settings
from goldenpath.agents._base import Agent
from goldenpath.buses._base import Bus
from goldenpath.errors import GoldenpathError, StorageError
from goldenpath.logs._base import LeasedRun, Log
from goldenpath.protocol._frames import Person
from goldenpath.runs._execution import Execution
from goldenpath.runs._leases import LeaseWatch, is_certainly_dead, this_process

_logger = logging.getLogger(__name__)

# Seconds until what failed is tried again.
_AGAIN_AFTER = 1.0


class Supervisor:
    """Takes queued runs and executes each to its end.

    A run never hears of connections. It ends because its agent returned or failed,
    because the person stopped it, because it took too long, or because this process
    stops. Runs of processes that are gone are ended as interrupted.

    Args:
        log: Where runs are queued, and where their events go.
        bus: Hears of each append.
        agent: Answers.
        settings: Times and sizes.
        who: Tells a user's name by their id.
    """

    def __init__(
        self,
        *,
        log: Log,
        bus: Bus,
        agent: Agent,
        settings: Settings,
        who: Callable[[str], Awaitable[Person]],
    ) -> None:
        self._log = log
        self._bus = bus
        self._agent = agent
        self._settings = settings
        self._who = who
        self._owner = this_process()
        self._watch = LeaseWatch(lapses_after=settings.lease_lapses_after)
        self._executions: dict[str, tuple[Execution, asyncio.Task[None]]] = {}
        self._wake = asyncio.Event()
        self._is_idle = asyncio.Event()
        self._is_idle.set()
        self._is_draining = False
        self._is_in_doubt = False
        self._tasks: list[asyncio.Task[None]] = []

    @property
    def running(self) -> int:
        """How many runs this process executes now."""
        return len(self._executions)

    async def start(self) -> None:
        """End the runs of dead processes, then begin to take queued ones."""
        self._is_draining = False
        await self._log.beat(self._owner)
        await self._take_over(at_start=True)
        self._tasks = [
            asyncio.create_task(self._beat_for_ever(), name="goldenpath-leases"),
            asyncio.create_task(self._lease_for_ever(), name="goldenpath-runs"),
        ]

    def drain(self) -> None:
        """Take no more runs: those that are queued are somebody else's to take."""
        self._is_draining = True

    async def wait_idle(self) -> None:
        """Wait until no run is executed here."""
        await self._is_idle.wait()

    async def stop(self) -> None:
        """Stop taking runs, and end those under way as interrupted."""
        self.drain()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        executions = list(self._executions.values())
        for execution, _ in executions:
            execution.interrupt()
        await asyncio.gather(*(task for _, task in executions), return_exceptions=True)
        try:
            # Also runs that were taken and had no time to begin.
            self._bus.publish(
                await self._log.interrupt(self._owner.id, now=time.time())
            )
        except GoldenpathError as error:
            _logger.warning("the next start has to end runs: %s", error)

    def wake(self) -> None:
        """Say that a run was queued, or that a thread is free again."""
        self._wake.set()

    def cancel(self, run: str) -> None:
        """Stop a run if it is executed here."""
        if run in self._executions:
            self._executions[run][0].cancel()

    def answered(self, run: str, call: str, value: Any) -> None:
        """Hand a person's answer to the run's agent if it is executed here."""
        if run in self._executions:
            self._executions[run][0].answered(call, value)

    async def look_around(self) -> None:
        """Find what other processes left for this one: runs, and wishes to stop."""
        for run in await self._log.cancel_requested(self._owner):
            self.cancel(run)
        self.wake()

    async def _beat_for_ever(self) -> None:
        while True:
            await asyncio.sleep(self._settings.lease_renew_every)
            try:
                await self._log.beat(self._owner)
                await self._take_over(at_start=False)
                await self.look_around()
            except GoldenpathError as error:
                _logger.warning("leases are not renewed: %s", error)
            # Without this task nothing would ever be taken over: it goes on.
            except Exception:
                _logger.exception("leases are not renewed")

    async def _take_over(self, *, at_start: bool) -> None:
        owners = [o for o in await self._log.owners() if o.id != self._owner.id]
        lapsed = set(self._watch.observe(owners, now=asyncio.get_running_loop().time()))
        for owner in owners:
            is_dead = at_start and await asyncio.to_thread(is_certainly_dead, owner)
            if is_dead or owner.id in lapsed:
                hints = await self._log.interrupt(owner.id, now=time.time())
                if hints:
                    _logger.info("runs of the lost process %s ended", owner.pid)
                self._bus.publish(hints)
                self.wake()

    async def _lease_for_ever(self) -> None:
        while True:
            self._wake.clear()
            try:
                await self._lease()
            except StorageError as error:
                _logger.warning("no runs are taken: %s", error)
                self._is_in_doubt = True
                await asyncio.sleep(_AGAIN_AFTER)
            # Without this task nothing would ever be answered: it goes on.
            except Exception:
                _logger.exception("no runs are taken")
                await asyncio.sleep(_AGAIN_AFTER)
            else:
                await self._wake.wait()

    async def _lease(self) -> None:
        settings = self._settings
        if self._is_in_doubt:
            await self._begin_the_lost()
        while not self._is_draining:
            free = settings.runs_at_once - len(self._executions)
            if free <= 0:
                return
            leased = await self._log.lease(
                self._owner,
                limit=free,
                per_user=settings.runs_at_once_per_user,
                now=time.time(),
            )
            for run in leased:
                self._bus.publish(run.hints)
                self._begin(run)
            if len(leased) < free:
                return

    async def _begin_the_lost(self) -> None:
        """Begin what a lease took whose answer was lost: nobody else ever would."""
        for run in await self._log.leased(self._owner):
            if run.run not in self._executions:
                self._begin(run)
        self._is_in_doubt = False

    def _begin(self, leased: LeasedRun) -> None:
        execution = Execution(
            leased,
            log=self._log,
            bus=self._bus,
            agent=self._agent,
            settings=self._settings,
            who=self._who,
        )
        # A stop may have come while the lease was under way.
        if self._is_draining:
            execution.interrupt()
        self._is_idle.clear()
        task = asyncio.create_task(
            self._execute(execution), name=f"goldenpath-run-{leased.run}"
        )
        self._executions[leased.run] = (execution, task)

    async def _execute(self, execution: Execution) -> None:
        try:
            await execution.execute()
        # A bug of ours: the lease still ends the run once this process is gone.
        except Exception:
            _logger.exception("run %s was abandoned", execution.run)
        finally:
            del self._executions[execution.run]
            if not self._executions:
                self._is_idle.set()
            self.wake()
