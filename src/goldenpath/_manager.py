"""The one way in: composes log, bus, runs, auth, connections and ASGI."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
import time
from collections.abc import AsyncIterator, Coroutine
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self

from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.routing import BaseRoute, WebSocketRoute

from goldenpath._settings import Settings
from goldenpath.agents._base import Agent
from goldenpath.asgi._answers import refused
from goldenpath.asgi._routes import Routes
from goldenpath.asgi._websocket import Gate
from goldenpath.auth._identity import Authenticator, Identity
from goldenpath.auth._password_login import PasswordAuthenticator
from goldenpath.buses._base import Bus
from goldenpath.buses._local import LocalBus
from goldenpath.connections._admission import Admission
from goldenpath.connections._connection import Connection
from goldenpath.connections._registry import Registry
from goldenpath.connections._transport import Transport
from goldenpath.errors import BusError, GoldenpathError, SettingsError, StorageError
from goldenpath.logs._sqlite import SQLiteLog
from goldenpath.protocol._cursor import user_log
from goldenpath.protocol._events import SessionRevoked
from goldenpath.protocol._frames import Person
from goldenpath.runs._supervisor import Supervisor
from goldenpath.runs._threads import Threads
from goldenpath.storage._sqlite import Database

if TYPE_CHECKING:
    from fastapi import APIRouter

_logger = logging.getLogger(__name__)

DATABASE_NAME = "goldenpath.db"


class WebSocketManager:
    """What an application holds: everything between a browser and an agent.

    ::

        manager = WebSocketManager(agent=my_agent)
        app = FastAPI()
        app.include_router(manager.router())

    The router starts and stops the manager with the application. Where only a
    mounted application is possible, use :meth:`asgi` and enter the manager itself::

        async with manager: ...

    Args:
        agent: Answers messages; see :class:`goldenpath.Agent`.
        settings: How it behaves; the defaults suit one process.
        authenticator: Says who people are; None means names and passwords in the
            manager's own database, with a login page.
        bus: Carries hints; None means within this process.
    """

    def __init__(
        self,
        *,
        agent: Agent,
        settings: Settings | None = None,
        authenticator: Authenticator | None = None,
        bus: Bus | None = None,
    ) -> None:
        self.settings = settings or Settings()
        self._database = Database(
            self.database_path(self.settings.data),
            foreign_check_every=self.settings.foreign_check_every,
            on_foreign_commit=self._on_foreign_commit,
        )
        self._authenticator = authenticator or PasswordAuthenticator(
            self._database, self.settings
        )
        self._log = SQLiteLog(self._database)
        self._bus = bus or LocalBus()
        self._registry = Registry(
            per_user=self.settings.connections_per_user,
            greeting=self.settings.greeting_at_once,
        )
        self._supervisor = Supervisor(
            log=self._log,
            bus=self._bus,
            agent=agent,
            settings=self.settings,
            who=self._who,
        )
        self._threads = Threads(
            log=self._log,
            bus=self._bus,
            supervisor=self._supervisor,
            settings=self.settings,
        )
        self._admission = Admission(self.settings, now=time.monotonic())
        self._is_ready = False
        self._is_drained = False
        self._bus_starting: asyncio.Task[None] | None = None
        self._beginning: asyncio.Task[None] | None = None
        self._chores: set[asyncio.Task[None]] = set()

    @staticmethod
    def database_path(data: Path) -> Path:
        """Return where the database is in a data folder."""
        return data / DATABASE_NAME

    async def start(self) -> None:
        """Open the database, end what a dead process left, and begin to serve.

        While nothing can be written there, as when a frozen process is in the midst
        of a transaction, people are told to come back; that ends by itself.

        Raises:
            StorageError: The database cannot be opened.
        """
        self._registry.welcome()
        self._is_drained = False
        await self._database.open()
        # Without it people are served all the same, a little later.
        self._bus_starting = asyncio.create_task(self._start_bus())
        try:
            await self._begin()
        except StorageError as error:
            _logger.warning("people are told to come back: %s", error)
            self._beginning = asyncio.create_task(self._begin_later())

    async def stop(self) -> None:
        """Drain, interrupt the runs that are left, and let go of the database."""
        if not self._is_drained:
            await self.drain()
        await self._supervisor.stop()
        await asyncio.gather(*self._chores, return_exceptions=True)
        await _end(self._bus_starting)
        await self._bus.stop()
        await self._database.close()
        # Those that another process's commit began since then; there are no more.
        await asyncio.gather(*self._chores, return_exceptions=True)

    async def drain(self) -> None:
        """Take nothing new, ask connections to leave, and let runs end, for a while.

        New connections are refused, queued runs stay queued for the next process.
        Returns when all have left and no run is under way, or when the times in the
        settings are over.
        """
        await _end(self._beginning)
        self._is_ready = False
        self._supervisor.drain()
        # Spread, so that the next server does not meet them all at once.
        self._registry.drain(lambda: round(random.uniform(0.2, 1.5), 3))  # noqa: S311
        await asyncio.gather(
            _wait(self._registry.wait_empty(), within=self.settings.drain_within + 1.0),
            _wait(self._supervisor.wait_idle(), within=self.settings.finish_within),
        )
        self._is_drained = True

    async def __aenter__(self) -> Self:
        await self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    @contextlib.asynccontextmanager
    async def lifespan(self, _app: object = None) -> AsyncIterator[None]:
        """Start and stop with an application: its ``lifespan`` argument."""
        async with self:
            yield

    def router(self, *, pages: bool = True) -> APIRouter:
        """Return a router for ``include_router`` of FastAPI; it brings the lifespan.

        Args:
            pages: Whether the bundled login and chat pages are among its routes.

        Raises:
            SettingsError: FastAPI is not installed.
        """
        # FastAPI includes nothing but its own routers, whatever they contain.
        try:
            from fastapi import APIRouter
        except ModuleNotFoundError as error:
            raise SettingsError(
                "router() is for FastAPI, which is not installed\n\n"
                "hint: pip install fastapi, or use asgi() or routes()"
            ) from error
        return APIRouter(routes=self.routes(pages=pages), lifespan=self.lifespan)

    def routes(self, *, pages: bool = True) -> list[BaseRoute]:
        """Return routes for a Starlette application, to go with :meth:`lifespan`.

        Args:
            pages: Whether the bundled login and chat pages are among them.
        """
        routes = Routes(
            settings=self.settings,
            authenticator=self._authenticator,
            log=self._log,
            threads=self._threads,
            is_ready=self.is_ready,
            lacking=self.lacking,
            ended=self._session_ended,
        )
        gate = Gate(
            settings=self.settings,
            authenticator=self._authenticator,
            admission=self._admission,
            is_crowded=self._is_crowded,
            is_ready=lambda: self._is_ready,
            connect=self._connect,
        )
        return [
            WebSocketRoute("/ws", gate.endpoint),
            *routes.routes(pages=pages),
        ]

    def asgi(self, *, pages: bool = True) -> Starlette:
        """Return an ASGI application that does everything by itself."""
        return Starlette(
            routes=self.routes(pages=pages),
            lifespan=self.lifespan,
            exception_handlers={HTTPException: refused},
        )

    def is_ready(self) -> bool:
        """Tell whether new connections are welcome, and there is room for one."""
        return self._is_ready and not self._admission.is_full

    def lacking(self) -> tuple[str, ...]:
        """Name what is down, although people are served: ``bus``, or nothing."""
        starting = self._bus_starting
        return ("bus",) if starting is not None and not starting.done() else ()

    def _is_crowded(self) -> bool:
        now = asyncio.get_running_loop().time()
        return self._registry.is_crowded(self._admission.connections, now=now)

    def _connect(
        self, transport: Transport, identity: Identity | None, origin: str | None
    ) -> Connection:
        return Connection(
            transport,
            identity=identity,
            origin=origin,
            authenticator=self._authenticator,
            log=self._log,
            bus=self._bus,
            threads=self._threads,
            registry=self._registry,
            settings=self.settings,
        )

    async def _begin(self) -> None:
        await self._log.start()
        if isinstance(self._authenticator, PasswordAuthenticator):
            await self._authenticator.purge()
        await self._supervisor.start()
        self._is_ready = True

    async def _begin_later(self) -> None:
        """Begin, however often it takes."""
        while not self._is_ready:
            await asyncio.sleep(self.settings.poll_every)
            try:
                await self._begin()
            except StorageError:
                continue
            # Without this task nobody would ever be served: it goes on.
            except Exception:
                _logger.exception("people are told to come back")
        _logger.warning("the database can be written, and people are served")

    async def _start_bus(self) -> None:
        """Start the bus, however often it takes."""
        is_late = False
        while True:
            try:
                await self._bus.start()
            # Somebody else's bus may raise anything, and is started all the same.
            except Exception as error:
                if not is_late:
                    unknown = None if isinstance(error, BusError) else error
                    _logger.warning(
                        "without the bus, logs are polled: %s", error, exc_info=unknown
                    )
                is_late = True
                await asyncio.sleep(self.settings.poll_every)
            else:
                break
        if is_late:
            _logger.warning("the bus is there")
            for connection in self._registry:
                connection.check_heads()

    async def _who(self, user: str) -> Person:
        return Person(id=user, name=await self._authenticator.name_of(user))

    def _session_ended(self, user: str, handle: str) -> None:
        self._registry.close_sessions([handle])
        self._do(self._record_revoked(user, handle))

    async def _record_revoked(self, user: str, handle: str) -> None:
        hints = await self._log.record(
            user_log(user), [SessionRevoked(session=handle)], now=time.time()
        )
        self._bus.publish(hints)

    def _on_foreign_commit(self) -> None:
        self._do(self._look_around())

    async def _look_around(self) -> None:
        """Find out what another process changed: sessions, logs, runs."""
        for connection in self._registry:
            connection.check_heads()
        sessions = self._registry.sessions()
        alive = await self._authenticator.alive(sessions)
        self._registry.close_sessions(sessions - alive)
        await self._supervisor.look_around()

    def _do(self, chore: Coroutine[Any, Any, None]) -> None:
        """Do something beside what is going on; it must not be lost silently."""

        async def do() -> None:
            try:
                await chore
            except GoldenpathError as error:
                _logger.warning("a chore failed: %s", error)
            # Somebody else's authenticator may raise anything.
            except Exception:
                _logger.exception("a chore failed")

        task = asyncio.create_task(do())
        self._chores.add(task)
        task.add_done_callback(self._chores.discard)


async def _end(task: asyncio.Task[None] | None) -> None:
    """Cancel a task, if there is one, and wait until it is gone."""
    if task is not None:
        task.cancel()
        await asyncio.gather(task, return_exceptions=True)


async def _wait(happening: Coroutine[Any, Any, None], *, within: float) -> None:
    """Wait for something, but no longer than that."""
    with contextlib.suppress(TimeoutError):
        async with asyncio.timeout(within):
            await happening
