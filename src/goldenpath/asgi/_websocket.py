"""The WebSocket side: the gate before the accept, and what comes after it.

Refused before the accept is only what an honest client never does; what it must act
on, it is told with a close code after the accept, because browsers hide the rest.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
from collections.abc import Callable

from starlette.websockets import WebSocket

from goldenpath._settings import Settings
from goldenpath.asgi._answers import failure
from goldenpath.asgi._handshake import (
    client_address,
    credentials_of,
    may_use_cookie,
    require_no_credential_in_url,
)
from goldenpath.asgi._socket import Socket
from goldenpath.auth._identity import Authenticator, Credentials, Identity
from goldenpath.connections._admission import Admission, NoRoom
from goldenpath.connections._connection import Connection
from goldenpath.connections._transport import PeerLostError, Transport
from goldenpath.errors import AuthError, RefusedError
from goldenpath.protocol._close_codes import CLOSE_RULES, CloseCode
from goldenpath.protocol._codec import SUBPROTOCOL

_logger = logging.getLogger(__name__)


class Gate:
    """Decides whether a handshake becomes a connection.

    Args:
        settings: Origins.
        authenticator: Says who asks.
        admission: Says whether there is room.
        is_crowded: Whether too many of those who were let in have yet to say hello.
        is_ready: Whether new connections are welcome.
        connect: Makes a connection of an accepted socket.
    """

    def __init__(
        self,
        *,
        settings: Settings,
        authenticator: Authenticator,
        admission: Admission,
        is_crowded: Callable[[], bool],
        is_ready: Callable[[], bool],
        connect: Callable[[Transport, Identity | None, str | None], Connection],
    ) -> None:
        self._settings = settings
        self._authenticator = authenticator
        self._admission = admission
        self._is_crowded = is_crowded
        self._is_ready = is_ready
        self._connect = connect

    async def endpoint(self, websocket: WebSocket) -> None:
        """Check a handshake, accept it, and live with it to its end."""
        address = client_address(websocket, self._settings.trusted_hops)
        try:
            credentials = self._look_at(websocket)
            no_room = self._enter(address)
        except RefusedError as refused:
            await _deny(websocket, refused)
            return
        if no_room is not None:
            await _turn_away(websocket, no_room.retry_after)
            return
        try:
            await self._live(websocket, credentials)
        finally:
            self._admission.leave(address)

    async def _live(self, websocket: WebSocket, credentials: Credentials) -> None:
        """Find out who it is, if the handshake says so, accept, and live with it."""
        try:
            identity = await self._identify(credentials)
            # A stop that began meanwhile reaches only what is connected.
            self._require_ready()
        except RefusedError as refused:
            await _deny(websocket, refused)
            return
        await websocket.accept(subprotocol=SUBPROTOCOL)
        await self._connect(Socket(websocket), identity, credentials.origin).run()

    def _require_ready(self) -> None:
        if not self._is_ready():
            raise RefusedError(
                "unavailable", "not ready", retryable=True, retry_after=1.0
            )

    def _enter(self, address: str) -> NoRoom | None:
        """Take a place, or return why there is none for anybody now.

        Raises:
            RefusedError: This address has too many.
        """
        now = asyncio.get_running_loop().time()
        no_room = self._admission.enter(address, now=now, is_crowded=self._is_crowded())
        if no_room is not None and no_room.is_own_fault:
            raise RefusedError(
                "rate_limited",
                "too many connections from this address",
                retryable=True,
                retry_after=round(no_room.retry_after, 3),
            )
        return no_room

    def _look_at(self, websocket: WebSocket) -> Credentials:
        """Return what a handshake brings along, if nothing speaks against it.

        All of this costs nothing, so it comes before all that does.

        Raises:
            RefusedError: It does not become a connection.
        """
        self._require_ready()
        require_no_credential_in_url(websocket)
        if SUBPROTOCOL not in websocket.scope.get("subprotocols", ()):
            raise RefusedError(
                "bad_message", f"this server speaks the subprotocol {SUBPROTOCOL}"
            )
        credentials = credentials_of(websocket, self._settings.origins)
        if credentials.needs_origin and not may_use_cookie(
            websocket, credentials, self._settings.origins
        ):
            raise RefusedError(
                "forbidden",
                f"the origin {credentials.origin!r} may not use the session cookie",
            )
        return credentials

    async def _identify(self, credentials: Credentials) -> Identity | None:
        """Return who it is, if the handshake says so.

        Raises:
            RefusedError: It does not become a connection.
        """
        if credentials.bearer is None and credentials.cookie is None:
            return None  # a ticket in the hello says who it is
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


async def _deny(websocket: WebSocket, refused: RefusedError) -> None:
    """Answer a handshake with an HTTP status instead of an accept."""
    await websocket.send_denial_response(
        failure(
            refused.code,
            str(refused),
            retryable=refused.retryable,
            retry_after=refused.retry_after,
        )
    )
    # uvicorn takes it for an error of ours unless the socket, which it is about to
    # close, is closed when this returns.
    await asyncio.sleep(0)


async def _turn_away(websocket: WebSocket, retry_after: float) -> None:
    """Say when to come back, in the only way that a page can read."""
    await websocket.accept(subprotocol=SUBPROTOCOL)
    reason = f"retry_after={retry_after:.3f} {CLOSE_RULES[CloseCode.BUSY].meaning}"
    with contextlib.suppress(PeerLostError):
        await Socket(websocket).close(CloseCode.BUSY, reason)
