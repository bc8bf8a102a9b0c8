"""An accepted WebSocket, whatever ASGI server carries it."""

from __future__ import annotations

from starlette.websockets import WebSocket, WebSocketDisconnect, WebSocketState

from goldenpath.connections._transport import PeerLostError

# Servers differ in how they say that the peer is gone; Starlette's own word for it
# is not even a RuntimeError.
_GONE = (OSError, RuntimeError, WebSocketDisconnect)


class Socket:
    """A WebSocket behind whatever ASGI server there is."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    async def receive(self) -> str | bytes:
        """Return the next message."""
        message = await self._websocket.receive()
        if message["type"] == "websocket.disconnect":
            raise PeerLostError("the peer left")
        text: str | None = message.get("text")
        return text if text is not None else message["bytes"]

    async def send(self, frame: bytes) -> None:
        """Send a text message."""
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
        """Do nothing: ASGI has no word for it."""

    @property
    def buffered_bytes(self) -> int:
        """Not known: ASGI has no word for it."""
        return 0
