"""The end of a connection to which the last word has been said."""

from __future__ import annotations

import asyncio
import contextlib
from typing import Any

# What a peer may still send; it was told to stop.
_MOST_BYTES = 1024 * 1024


class Lingering(asyncio.Protocol):
    """Reads on and throws away, until the peer leaves or the time is over.

    A socket that is closed while unread bytes are in it resets the connection, and
    a reset may overtake the answer that was to be the last word.

    Args:
        transport: Takes nothing more from now on.
        connections: Knows this while it lasts.
        within: Seconds after which the peer is let go of.
    """

    def __init__(
        self, transport: asyncio.Transport, connections: set[Any], *, within: float
    ) -> None:
        self._transport = transport
        self._connections = connections
        self._left = _MOST_BYTES
        connections.add(self)
        self._deadline = asyncio.get_running_loop().call_later(within, self.shutdown)
        transport.set_protocol(self)
        if transport.can_write_eof():
            # A peer that has reset the connection is not connected any more.
            with contextlib.suppress(OSError):
                transport.write_eof()
        transport.resume_reading()

    def data_received(self, data: bytes) -> None:
        """Throw it away, unless it is far too much."""
        self._left -= len(data)
        if self._left < 0:
            self._transport.abort()

    def connection_lost(self, _error: Exception | None) -> None:
        """Be over."""
        self._deadline.cancel()
        self._connections.discard(self)

    def shutdown(self) -> None:
        """Stop waiting; what the peer has not read by now it never will."""
        self._transport.abort()
