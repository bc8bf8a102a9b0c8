"""``goldenpath serve``: the whole product in one process."""

from __future__ import annotations

import asyncio
import dataclasses
import shlex
import time
from pathlib import Path
from typing import Annotated

import cyclopts

from goldenpath._manager import WebSocketManager
from goldenpath._settings import Settings
from goldenpath.auth._passwords import Passwords, generate_password
from goldenpath.auth._users import Users
from goldenpath.cli._agents import choose_agent
from goldenpath.cli._logging import LogFormat, set_up_logging
from goldenpath.cli._parameters import DEFAULT_DATA, Data
from goldenpath.server._kernel import allow_connections
from goldenpath.server._limits import Limits
from goldenpath.server._server import Server, bind
from goldenpath.storage._sqlite import Database

_FIRST_USER = "me"


def serve(
    *,
    host: str = "127.0.0.1",
    port: Annotated[int, cyclopts.Parameter(env_var="PORT")] = 8000,
    data: Data = DEFAULT_DATA,
    agent: str = "auto",
    origin: Annotated[
        tuple[str, ...], cyclopts.Parameter(negative="", show_default=False)
    ] = (),
    trusted_hops: int = 0,
    max_connection_age: float = 0.0,
    max_connections: int = Limits().connections,
    log_level: str = "info",
    log_format: LogFormat = "text",
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
        trusted_hops: How many proxies in front append to X-Forwarded-For; a client's
            address is read that many places from the right. 0 trusts none.
        max_connection_age: Seconds after which the host cuts a request, such as 3600;
            connections move before that, the new one first. 0 for a host that does
            not.
        max_connections: Most TCP connections at once; further ones are answered 503.
        log_level: debug, info, warning or error.
        log_format: text, a line for people, or json, an object a line for a collector.
    """
    set_up_logging(log_level, log_format)
    answering, why = choose_agent(agent)
    settings = Settings(
        data=data,
        origins=origin,
        trusted_hops=trusted_hops,
        max_connection_age=max_connection_age,
    )
    manager = WebSocketManager(agent=answering, settings=settings)
    limits = Limits(
        connections=allow_connections(max_connections),
        message_bytes=manager.settings.frame_bytes,
    )
    if trusted_hops:
        # Everybody has the proxy's address.
        limits = dataclasses.replace(limits, waiting_per_address=limits.connections)
    with bind(host, port, limits) as bound:
        shown = f"[{host}]" if ":" in host else host
        greeting = [
            f"goldenpath serves http://{shown}:{bound.getsockname()[1]}",
            f"agent  {why}",
            *asyncio.run(_greet(data)),
            "stop   Ctrl+C",
        ]
        server = Server(
            manager.asgi(),
            drain=manager.drain,
            limits=limits,
            is_ready=lambda: print("\n".join(greeting), flush=True),
        )
        server.run(sockets=[bound])
    return 0 if server.started else 2


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
