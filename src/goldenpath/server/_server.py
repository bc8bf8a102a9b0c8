"""uvicorn, with our protocol classes, and an end at which nobody loses anything."""

from __future__ import annotations

import asyncio
import errno
import functools
import logging
import os
import socket
import threading
from collections.abc import Awaitable, Callable
from types import FrameType

import uvicorn

from goldenpath.errors import SettingsError
from goldenpath.server._door import Door
from goldenpath.server._http import HTTPProtocol
from goldenpath.server._kernel import bound_buffers
from goldenpath.server._limits import Limits
from goldenpath.server._websocket import WebSocket

_logger = logging.getLogger(__name__)

# After the drain, for what is still being answered.
_CLOSE_WITHIN = 2
# And if all else fails: a host that asks kindly kills after ten seconds.
_EXIT_WITHIN = 7.8


class Server(uvicorn.Server):
    """Serves one application from one process.

    Args:
        app: The ASGI application.
        drain: Refuses new WebSockets and asks the open ones to leave; returns when
            they have left. Called at the first signal, before anything is closed.
        limits: What is allowed to those who connect.
        is_ready: Called when connections can be made, and not before.
    """

    def __init__(
        self,
        app: Callable[..., Awaitable[None]],
        *,
        drain: Callable[[], Awaitable[None]],
        limits: Limits | None = None,
        is_ready: Callable[[], None] = lambda: None,
    ) -> None:
        self.limits = limits or Limits()
        super().__init__(
            uvicorn.Config(
                app,
                # uvloop, where it is installed, ends transports in other ways.
                loop="asyncio",
                # uvicorn wants classes, and only calls them.
                http=functools.partial(HTTPProtocol, door=Door(self.limits)),  # type: ignore[arg-type]
                # Not called: HTTPProtocol makes it itself, of a parsed handshake.
                ws=WebSocket,  # type: ignore[arg-type]
                proxy_headers=False,
                server_header=False,
                access_log=False,
                log_config=None,
                timeout_graceful_shutdown=_CLOSE_WITHIN,
            )
        )
        self._drain = drain
        self._is_ready = is_ready
        self._draining: asyncio.Task[None] | None = None
        self._loop: asyncio.AbstractEventLoop | None = None

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Let the application start; only then listen, and say so.

        Raises:
            SettingsError: Somebody else listens there by now.
        """
        self._loop = asyncio.get_running_loop()
        try:
            await super().startup(sockets)
        except OSError as error:
            await self.lifespan.shutdown()
            assert sockets is not None
            host, port = sockets[0].getsockname()[:2]
            raise _cannot_listen(host, port, error) from error
        if self.started:
            self._is_ready()

    def handle_exit(self, sig: int, frame: FrameType | None) -> None:  # noqa: ARG002
        """Drain at the first signal; stop at once at the second."""
        if self._draining is not None:
            # Nothing is lost that a kill would not lose, and that is nothing: what
            # was acknowledged is on disk, and the next start ends the runs.
            os._exit(128 + sig)
        if self._loop is None or not self.started:
            # uvicorn would look at it after the start, for which something that is
            # down may keep it waiting for ever. Nobody was let in yet.
            os._exit(0)
        # Not noted down for uvicorn, which would raise it again at the end: to stop
        # when asked to is success.
        self._draining = self._loop.create_task(self._leave())
        # A thread: an agent may have stopped the loop.
        last_resort = threading.Timer(_EXIT_WITHIN, _give_up)
        last_resort.daemon = True
        last_resort.start()

    async def _leave(self) -> None:
        try:
            await self._drain()
        finally:
            self.should_exit = True


def bind(host: str, port: int, limits: Limits) -> socket.socket:
    """Return a socket that has its address, and on which nobody listens yet.

    Raises:
        SettingsError: It cannot have that address.
    """
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    bound = socket.socket(family)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    bound_buffers(bound, limits)
    try:
        bound.bind((host, port))
    except OverflowError as error:
        bound.close()
        raise SettingsError(f"there is no port {port}") from error
    except OSError as error:
        bound.close()
        raise _cannot_listen(host, port, error) from error
    return bound


def _cannot_listen(host: str, port: int, error: OSError) -> SettingsError:
    hint = (
        "\n\nhint: something else uses it; choose another with --port"
        if error.errno == errno.EADDRINUSE
        else ""
    )
    return SettingsError(f"cannot listen on {host}:{port}: {error.strerror}{hint}")


def _give_up() -> None:
    _logger.warning("stopping took too long and was cut short; nothing is lost")
    os._exit(0)
