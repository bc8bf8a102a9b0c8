"""The WebSocket side: the gate before the accept, and what comes after it.

Refused before the accept is only what an honest client never does; what it must act
on, it is told with a close code after the accept, because browsers hide the rest.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable

from starlette.websockets import WebSocket

from goldenpath._settings import Settings
from goldenpath.asgi._answers import failure
from goldenpath.asgi._handshake import (
    credentials_of,
    has_credential_in_url,
    may_use_cookie,
)
from goldenpath.asgi._socket import Socket
from goldenpath.auth._identity import Authenticator, Identity
from goldenpath.connections._connection import Connection
from goldenpath.connections._transport import Transport
from goldenpath.errors import AuthError, RefusedError
from goldenpath.protocol._codec import SUBPROTOCOL

_logger = logging.getLogger(__name__)


class Gate:
    """Decides whether a handshake becomes a connection.

    Args:
        settings: Origins.
        authenticator: Says who asks.
        is_ready: Whether new connections are welcome.
        connect: Makes a connection of an accepted socket.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        authenticator: Authenticator,
        is_ready: Callable[[], bool],
        connect: Callable[[Transport, Identity | None, str | None], Connection],
    ) -> None:
        self._settings = settings
        self._authenticator = authenticator
        self._is_ready = is_ready
        self._connect = connect

    async def endpoint(self, websocket: WebSocket) -> None:
        """Check a handshake, accept it, and live with it to its end."""
        try:
            identity = await self._admit(websocket)
        except RefusedError as refused:
            await websocket.send_denial_response(
                failure(
                    refused.code,
                    str(refused),
                    retryable=refused.retryable,
                    retry_after=refused.retry_after,
                )
            )
            # uvicorn takes it for an error of ours unless the socket, which it is
            # about to close, is closed when this returns.
            await asyncio.sleep(0)
            return
        await websocket.accept(subprotocol=SUBPROTOCOL)
        credentials = credentials_of(websocket, self._settings.origins)
        connection = self._connect(Socket(websocket), identity, credentials.origin)
        await connection.run()

    async def _admit(self, websocket: WebSocket) -> Identity | None:
        """Return who it is, if the handshake says so.

        Raises:
            RefusedError: It does not become a connection.
        """
        # What costs nothing comes first.
        if not self._is_ready():
            raise RefusedError(
                "unavailable", "not ready", retryable=True, retry_after=1.0
            )
        if has_credential_in_url(websocket):
            raise RefusedError(
                "bad_message",
                "a credential in the URL is written to logs on its way; "
                "send a ticket in hello instead",
            )
        if SUBPROTOCOL not in websocket.scope.get("subprotocols", ()):
            raise RefusedError(
                "bad_message", f"this server speaks the subprotocol {SUBPROTOCOL}"
            )
        credentials = credentials_of(websocket, self._settings.origins)
        if credentials.bearer is None and credentials.cookie is None:
            return None  # a ticket in the hello says who it is
        if credentials.needs_origin and not may_use_cookie(
            websocket, credentials, self._settings.origins
        ):
            raise RefusedError(
                "forbidden",
                f"the origin {credentials.origin!r} may not use the session cookie",
            )
        try:
            async with asyncio.timeout(self._settings.authenticated_within):
                return await self._authenticator.identify(credentials)
        except AuthError as error:
            # A program reads the answer to its header. A page cannot, and is told
            # after the accept.
            if credentials.bearer is not None:
                raise RefusedError("authenticate", str(error)) from error
            return None
        # Whatever else goes wrong says nothing about who it is.
        except Exception as error:
            _logger.warning("who connects cannot be known: %s", error, exc_info=error)
            raise RefusedError(
                "unavailable",
                "who you are cannot be known right now",
                retryable=True,
                retry_after=1.0,
            ) from error
