"""picows' parser, and all of its names that picows does not publish.

The version is pinned for them, and ``tests/server/test_parser.py`` says which of them
another version has changed.
"""

from __future__ import annotations

import asyncio
import logging
import sys
from http import HTTPStatus
from typing import Any, Protocol

from picows import (
    WSAutoPingStrategy,
    WSListener,
    WSTransport,
    WSUpgradeResponse,
    WSUpgradeResponseWithListener,
)

# The parser itself; ``picows.picows`` is where it is defined.
from picows.picows import WSProtocol  # type: ignore[attr-defined]

_logger = logging.getLogger(__name__)

# The handshake was checked and answered elsewhere; picows insists on one.
_HEAD = (
    b"GET / HTTP/1.1\r\nConnection: upgrade\r\nUpgrade: websocket\r\n"
    b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
)
# So much is read at once: a read full of empty frames must not become many objects.
_READ_BYTES = 16 * 1024
_BUFFER_BYTES = 2048
# picows makes its buffer larger when a frame needs it, and never smaller again.
_SWOLLEN_BYTES = 64 * 1024


class Owner(Protocol):
    """What the parser tells, beside being a listener of picows."""

    def was_read(self) -> None:
        """More was read, and all frames in it were told."""

    def parser_failed(self, code: int) -> None:
        """The peer broke the protocol and was sent a close frame with this code."""


# picows says nothing of the class's type.
class Parser(WSProtocol):  # type: ignore[misc]
    """The protocol of an accepted connection.

    Args:
        listener: Gets the frames; also an :class:`Owner`.
        transport: Talks to this from now on.
        head: The answer to the handshake; it is sent. Empty if it was sent before.
        max_frame_bytes: A larger frame is a failure, with code 1009.
    """

    transport: WSTransport
    listener: Any

    def __init__(
        self,
        listener: WSListener,
        transport: asyncio.Transport,
        *,
        head: bytes,
        max_frame_bytes: int,
    ) -> None:
        answer = WSUpgradeResponseWithListener(_Answer(head), listener)
        super().__init__(
            None,  # host and port
            None,  # path
            False,  # is_client_side  # noqa: FBT003
            lambda _request: answer,
            _Quiet(),
            True,  # disconnect_on_exception  # noqa: FBT003
            None,  # handshake_timeout
            False,  # enable_auto_ping  # noqa: FBT003
            0,
            0,
            WSAutoPingStrategy.PING_WHEN_IDLE,
            False,  # enable_auto_pong  # noqa: FBT003
            max_frame_bytes,
            None,  # extra_headers
            _BUFFER_BYTES,
        )
        self.connection_made(_Outlet(transport))
        transport.set_protocol(self)
        self.feed(_HEAD)

    @property
    def is_swollen(self) -> bool:
        """Whether a large frame has left it with a large buffer."""
        return len(super().get_buffer(-1)) > _SWOLLEN_BYTES

    def feed(self, data: bytes) -> None:
        """Take bytes as if they had just been read."""
        while data:
            room = self.get_buffer(-1)
            size = min(len(room), len(data))
            room[:size] = data[:size]
            data = data[size:]
            self.buffer_updated(size)

    def get_buffer(self, size_hint: int) -> memoryview:
        """Return where to read into."""
        room: memoryview = super().get_buffer(size_hint)
        return room[:_READ_BYTES]

    def buffer_updated(self, nbytes: int) -> None:
        """Take what was read there."""
        super().buffer_updated(nbytes)
        if self.transport.is_close_frame_sent:
            sent: Any = self.transport.close_handshake.sent
            self.listener.parser_failed(int(sent.code))
        else:
            self.listener.was_read()


class _Answer(WSUpgradeResponse):
    """An answer to the handshake that is written already."""

    def __init__(self, head: bytes) -> None:
        self.status = HTTPStatus.SWITCHING_PROTOCOLS
        self.headers = {}  # type: ignore[assignment]  # picows puts a header in it
        self._head = head

    def to_bytes(self) -> bytearray:
        return bytearray(self._head)


class _Outlet:
    """A transport that picows can write to, and that it cannot end.

    Since Python 3.12 a transport keeps the pieces that ``writelines`` gets, and picows
    reuses one of them for its next frame; so they are joined here.
    """

    def __init__(self, transport: asyncio.Transport) -> None:
        self.write = transport.write
        self.get_write_buffer_size = transport.get_write_buffer_size
        self.get_extra_info = transport.get_extra_info

    def writelines(self, pieces: list[bytes]) -> None:
        self.write(b"".join(pieces))

    def close(self) -> None:
        pass

    def abort(self) -> None:
        pass


class _Quiet:
    """A logger for which a peer's mistakes are no errors of ours.

    Not a ``logging.Logger``: picows makes one for each connection of such.
    """

    def isEnabledFor(self, _level: int) -> bool:  # noqa: N802 - logging's name
        return False

    def log(self, *_arguments: object, **_more: object) -> None:
        pass

    debug = info = warning = error = log

    def exception(self, message: str, *arguments: object, **_more: object) -> None:
        _logger.error(message, *arguments, exc_info=sys.exception())
