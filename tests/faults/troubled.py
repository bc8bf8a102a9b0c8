"""``goldenpath``, with troubles that begin and end while it runs.

``python troubled.py '{"settings": {…}, "limits": {…}, "forgiven": 0.5}' serve …`` is
``goldenpath serve …`` in all else. What is wrong just now stands in ``trouble.json`` in
the folder of the data; on SIGUSR1 the process writes ``census.json`` beside it.

================  ====================================================================
``stalled``       tokens and tickets of whom nobody can say now whose they are
``broken``        and those over which the authenticator falls
``is_starting``   the application takes its time to start
``bus``           ``down``: cannot be reached; ``mute``: does not answer
``clock``         seconds by which the clock on the wall is wrong
================  ====================================================================
"""

import asyncio
import functools
import gc
import json
import signal
import sys
import time
from pathlib import Path

from goldenpath import WebSocketManager, _manager
from goldenpath.auth._password_login import PasswordAuthenticator
from goldenpath.buses import LocalBus
from goldenpath.cli import _serve, main
from goldenpath.connections import _connection
from goldenpath.connections._following import Following
from goldenpath.connections._registry import Registry
from goldenpath.errors import BusError

_DATA = Path(sys.argv[sys.argv.index("--data") + 1])
_time = time.time


def trouble(kind, usual):
    """Return what is wrong now in one respect."""
    try:
        return json.loads((_DATA / "trouble.json").read_text()).get(kind, usual)
    except FileNotFoundError:
        return usual


async def is_over(is_wrong):
    """Wait until something is not wrong any more."""
    while is_wrong():  # noqa: ASYNC110 - a test ends it
        await asyncio.sleep(0.01)


class Authenticator(PasswordAuthenticator):
    """Stalls, or falls, over some secrets."""

    async def identify(self, credentials):
        await self._consider(credentials.bearer or credentials.cookie)
        return await super().identify(credentials)

    async def redeem_ticket(self, ticket, origin):
        await self._consider(ticket)
        return await super().redeem_ticket(ticket, origin)

    async def _consider(self, secret):
        if secret in trouble("broken", ()):
            raise RuntimeError("an application's authenticator may raise anything")
        await is_over(lambda: secret in trouble("stalled", ()))


class Bus(LocalBus):
    """Can be away; what is published meanwhile is lost."""

    async def start(self):
        await self._ask()
        await super().start()

    async def subscribe(self, log, heard):
        await self._ask()
        await super().subscribe(log, heard)

    def publish(self, hints):
        if not trouble("bus", ""):
            super().publish(hints)

    async def _ask(self):
        await is_over(lambda: trouble("bus", "") == "mute")
        if trouble("bus", "") == "down":
            raise BusError("there is no bus")


class Manager(WebSocketManager):
    """Starts slowly, and can be counted."""

    def __init__(self, **fields):
        super().__init__(bus=Bus(), **fields)

    async def start(self):
        (_DATA / "is_starting").touch()
        await is_over(lambda: trouble("is_starting", usual=False))
        await super().start()
        asyncio.get_running_loop().add_signal_handler(signal.SIGUSR1, self._count)

    def _count(self):
        following = [one for one in gc.get_objects() if isinstance(one, Following)]
        (registry,) = (one for one in gc.get_objects() if isinstance(one, Registry))
        census = {
            "connections": len(registry),
            "greeting": len(registry._greeting),
            "tasks": len(asyncio.all_tasks()),
            "unheard": sum(len(one._unheard) for one in following),
            "listeners": sum(len(heard) for heard in self._bus._listeners.values()),
        }
        partial = _DATA / "census.partial"
        partial.write_text(json.dumps(census))
        partial.rename(_DATA / "census.json")


if __name__ == "__main__":
    changes = json.loads(sys.argv.pop(1))
    time.time = lambda: _time() + trouble("clock", 0.0)
    _serve.Settings = functools.partial(_serve.Settings, **changes["settings"])
    limits = _serve.Limits
    _serve.Limits = lambda **usual: limits(**usual | changes["limits"])
    # A wait that is a constant, made as short as the settings are.
    if changes["forgiven"] is not None:
        _connection._LAG_FORGIVEN = changes["forgiven"]
    _manager.PasswordAuthenticator = Authenticator
    _serve.WebSocketManager = Manager
    main()
