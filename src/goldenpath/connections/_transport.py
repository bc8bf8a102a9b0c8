"""What a connection needs of whatever carries its frames."""

from __future__ import annotations

from typing import Protocol

from goldenpath.errors import GoldenpathError


class PeerLostError(GoldenpathError):
    """The peer is gone; nothing more can be sent or will be received."""


class Transport(Protocol):
    """An accepted WebSocket. There is no other kind: accepting is what makes one."""

    async def receive(self) -> str | bytes:
        """Return the next message.

        Never cancelled for a deadline: a message must not be lost that way.

        Raises:
            PeerLostError: There will be none.
        """

    async def send(self, frame: bytes) -> None:
        """Send a text message; return when the transport can take another.

        Raises:
            PeerLostError: It cannot arrive.
        """

    async def close(self, code: int, reason: str) -> None:
        """Close, or do nothing if that is done already."""

    def abort(self) -> None:
        """Let go of the peer without a farewell, and of what was to be sent to it.

        Does nothing where the server offers no way to do it.
        """

    @property
    def buffered_bytes(self) -> int:
        """What was sent and has not left this process; 0 where that is not known."""
