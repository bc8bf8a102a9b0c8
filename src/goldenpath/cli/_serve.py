"""``goldenpath serve``: the whole product in one process."""

from __future__ import annotations

import asyncio
import errno
import logging
import os
import shlex
import socket
import sys
import time
from pathlib import Path
from types import FrameType
from typing import Annotated

import cyclopts
import uvicorn

from goldenpath._manager import WebSocketManager
from goldenpath._settings import Settings
from goldenpath.auth._passwords import Passwords, generate_password
from goldenpath.auth._users import Users
from goldenpath.cli._agents import choose_agent
from goldenpath.cli._parameters import DEFAULT_DATA, Data
from goldenpath.errors import SettingsError
from goldenpath.storage._sqlite import Database

_FIRST_USER = "me"
_SHUTDOWN_WITHIN = 4


def serve(
    *,
    host: str = "127.0.0.1",
    port: Annotated[int, cyclopts.Parameter(env_var="PORT")] = 8000,
    data: Data = DEFAULT_DATA,
    agent: str = "auto",
    origin: Annotated[
        tuple[str, ...], cyclopts.Parameter(negative="", show_default=False)
    ] = (),
    log_level: str = "info",
) -> int:
    """Serve the chat until a signal says to stop; return the exit status.

    Args:
        host: Address to listen on.
        port: Port to listen on; 0 takes a free one.
        data: Folder of the database; made if missing.
        agent: auto, tools, local, openai (with OPENAI_BASE_URL, OPENAI_API_KEY and
            OPENAI_MODEL), or module:function for your own.
        origin: An origin that people see in their browser, such as
            https://chat.example.com; needed behind a proxy that ends TLS.
        log_level: debug, info, warning or error.
    """
    _set_up_logging(log_level)
    answering, why = choose_agent(agent)
    manager = WebSocketManager(
        agent=answering, settings=Settings(data=data, origins=origin)
    )
    with _listen(host, port, lost_after=manager.settings.silent_after) as listening:
        bound = listening.getsockname()
        shown = f"[{host}]" if ":" in host else host
        greeting = asyncio.run(_greet(data))
        config = uvicorn.Config(
            manager.asgi(),
            ws="websockets-sansio",
            # The connection has its own heartbeat: a ping timeout of the server's
            # would reach clients as 1011, which means a bug.
            ws_ping_interval=None,
            ws_per_message_deflate=False,
            ws_max_size=manager.settings.frame_bytes,
            proxy_headers=False,
            server_header=False,
            access_log=False,
            log_config=None,
            timeout_graceful_shutdown=_SHUTDOWN_WITHIN,
        )
        server = _Server(
            config,
            manager,
            [
                f"goldenpath serves http://{shown}:{bound[1]}",
                f"agent  {why}",
                *greeting,
                "stop   Ctrl+C",
            ],
        )
        server.run(sockets=[listening])
    return 0 if server.started else 2


class _Server(uvicorn.Server):
    """Lets connections move before their sockets are closed."""

    def __init__(
        self, config: uvicorn.Config, manager: WebSocketManager, greeting: list[str]
    ) -> None:
        super().__init__(config)
        self._manager = manager
        self._greeting = greeting
        self._draining: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Say where it is once it can be used, and not before."""
        self._loop = asyncio.get_running_loop()
        await super().startup(sockets)
        if self.started:
            print("\n".join(self._greeting), flush=True)

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Drain at the first signal; stop at once at the second."""
        if self._draining is not None:
            # Nothing is lost that a kill would not lose, and that is nothing: what
            # was acknowledged is on disk, and the next start ends the runs.
            os._exit(128 + sig)
        if self._loop is None or not self.started:
            self.should_exit = True
            return
        # Not noted down for uvicorn, which would raise it again at the end: to stop
        # when asked to is success.
        self._draining = self._loop.create_task(self._drain())

    async def _drain(self) -> None:
        try:
            await self._manager.drain()
        finally:
            self.should_exit = True


async def _greet(data: Path) -> list[str]:
    """Return who may log in, after making somebody if there is nobody."""
    async with Database(WebSocketManager.database_path(data)) as database:
        known = Users(database, Passwords())
        everybody = await known.list()
        people = [user.name for user in everybody if not user.is_disabled]
        if everybody and not people:
            where = _folder(data)
            return [f"login  nobody; `goldenpath users enable NAME{where}` lets one in"]
        if not people:
            password = generate_password()
            await known.add(_FIRST_USER, password, now=time.time())
            return [
                f"login  {_FIRST_USER}",
                f"       {password}",
                f"       shown only now; `{_reset(_FIRST_USER, data)}` changes it",
            ]
    names = ", ".join(people[:5]) + (" …" if len(people) > 5 else "")
    return [
        f"login  {names}   (forgot the password? `{_reset(people[0], data)}`)",
    ]


def _reset(name: str, data: Path) -> str:
    return f"goldenpath users password {shlex.quote(name)}{_folder(data)}"


def _folder(data: Path) -> str:
    return "" if data == DEFAULT_DATA else f" --data {shlex.quote(str(data))}"


def _listen(host: str, port: int, *, lost_after: float) -> socket.socket:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    listening = socket.socket(family)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    # uvicorn closes a socket once all of it was read: for a peer that does not read,
    # that is never. Accepted sockets inherit this limit (Linux).
    if hasattr(socket, "TCP_USER_TIMEOUT"):
        milliseconds = int(lost_after * 1000)
        listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT, milliseconds)
    try:
        listening.bind((host, port))
    except OverflowError as error:
        listening.close()
        raise SettingsError(f"there is no port {port}") from error
    except OSError as error:
        listening.close()
        hint = (
            "\n\nhint: something else uses it; choose another with --port"
            if error.errno == errno.EADDRINUSE
            else ""
        )
        raise SettingsError(
            f"cannot listen on {host}:{port}: {error.strerror}{hint}"
        ) from error
    listening.listen(2048)
    return listening


def _set_up_logging(level: str) -> None:
    number = logging.getLevelNamesMapping().get(level.upper())
    if number is None:
        raise SettingsError(
            f"no log level is called {level!r}; there are debug, info, warning, error"
        )
    logging.basicConfig(
        stream=sys.stderr,
        level=number,
        format="%(asctime)s %(levelname)s %(name)s %(message)s",
    )
    # Their INFO is about each request and each start.
    for chatty in ("uvicorn", "httpx2", "httpcore2", "websockets"):
        logging.getLogger(chatty).setLevel(max(number, logging.WARNING))
