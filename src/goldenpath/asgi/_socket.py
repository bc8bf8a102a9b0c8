"""An accepted WebSocket, whatever ASGI server carries it."""

from __future__ import annotations

from typing import Protocol

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from goldenpath.connections._transport import PeerLostError

# Servers differ in how they say that the peer is gone; Starlette's own word for it
# is not even a RuntimeError.
_GONE = (OSError, RuntimeError, WebSocketDisconnect)

LANE = "goldenpath.transport"


class Lane(Protocol):
    """What a server may offer beside ASGI, in ``scope["extensions"][LANE]``.

    ASGI knows no bytes that are ready to be sent, no abort, and no size of what was
    not sent yet.
    """

    @property
    def is_open(self) -> bool:
        """Whether a frame that is sent now may arrive."""

    @property
    def has_room(self) -> bool:
        """Whether the peer takes what it is sent."""

    @property
    def buffered_bytes(self) -> int:
        """What was sent and has not left this machine."""

    def send_nowait(self, frame: bytes) -> None:
        """Send a text message; do nothing once the connection is no longer open."""

    async def wait_room(self) -> None:
        """Wait until there is room, or nothing can be sent any more."""

    def abort(self) -> None:
        """Let go of the peer, and of what was to be sent to it."""


class Socket:
    """A WebSocket behind whatever ASGI server there is.

    Takes the server's fast lane if it has one.
    """

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket
        extensions = websocket.scope.get("extensions") or {}
        self._lane: Lane | None = extensions.get(LANE)

    async def receive(self) -> str | bytes:
        """Return the next message."""
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise PeerLostError("the peer left")
        text: str | None = message.get("text")
        return text if text is not None else message["bytes"]

    async def send(self, frame: bytes) -> None:
        """Send a text message."""
        lane = self._lane
        if lane is not None:
            lane.send_nowait(frame)
            if not lane.has_room:
                await lane.wait_room()
            if not lane.is_open:
                raise PeerLostError("the peer left")
            return
        try:
            await self._websocket.send(
                {"type": "websocket.send", "text": frame.decode()}
            )
        except _GONE as error:
            raise PeerLostError(str(error)) from error

    async def close(self, code: int, reason: str) -> None:
        """Close, or do nothing if that is done already."""
        if self._websocket.application_state is WebSocketState.DISCONNECTED:
            return
        try:
            await self._websocket.close(code, reason)
        except _GONE as error:
            raise PeerLostError(str(error)) from error

    def abort(self) -> None:
        """Let go of the peer, where the server can do that."""
        if self._lane is not None:
            self._lane.abort()

    @property
    def buffered_bytes(self) -> int:
        """What was sent and has not left, where the server knows it."""
        return 0 if self._lane is None else self._lane.buffered_bytes
