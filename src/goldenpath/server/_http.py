"""HTTP under uvicorn, for peers that may mean harm.

uvicorn's class parses and answers; this one adds deadlines, sizes and counts, refuses
what is ambiguous, and hands a handshake over with all that came along with it.
"""

from __future__ import annotations

import asyncio
import logging
from http import HTTPStatus
from typing import Any

import h11
import uvicorn
from uvicorn.protocols.http.h11_impl import H11Protocol
from uvicorn.server import ServerState

from goldenpath.server._door import Door
from goldenpath.server._handshake import (
    HeadError,
    check_head,
    check_lines,
    is_handshake,
)
from goldenpath.server._kernel import forget_unsent, unsent_bytes
from goldenpath.server._limits import Limits
from goldenpath.server._lingering import Lingering
from goldenpath.server._websocket import WebSocket

_logger = logging.getLogger(__name__)

# A refused peer is let speak first, because some clients do not understand an answer
# to nothing. Beyond so many of them at once there is no answer at all.
_REFUSED_WITHIN = 2.0
_REFUSED_AT_ONCE = 64
# When the server stops, a connection that has asked nothing may do so until then.
_LAST_CALL = 0.3


class HTTPProtocol(H11Protocol):
    """A connection, from its first byte until it is gone or becomes a WebSocket.

    Args:
        config: uvicorn's.
        server_state: uvicorn's.
        app_state: What the lifespan left for requests.
        _loop: Not used: there is one only.
        door: Counts this connection.
    """

    conn: _Connection

    def __init__(
        self,
        config: uvicorn.Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
        *,
        door: Door,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self._door = door
        self._limits = door.limits
        self.conn = _Connection(self._limits)
        self._address: str | None = None
        self._is_refused = False
        self._is_over = False  # somebody else reads what comes now
        self._deadline: asyncio.TimerHandle | None = None
        self._untaken_bytes = 0  # of an answer, when that was last looked at
        self._taking: asyncio.TimerHandle | None = None

    # uvicorn's loop asks for each of these at the right moment.

    def connection_made(self, transport: asyncio.Transport) -> None:  # type: ignore[override]
        """Take a new peer, or decide to turn it away."""
        super().connection_made(transport)
        self._address = self.client[0] if self.client else ""
        has_place = self._door.enter(self._address)
        beyond = len(self.connections) - self._limits.connections
        if beyond > _REFUSED_AT_ONCE:
            transport.abort()
            return
        self._is_refused = beyond > 0 or not has_place
        within = self._limits.request_within
        self._arm(min(_REFUSED_WITHIN, within) if self._is_refused else within)

    def connection_lost(self, exc: Exception | None) -> None:
        """Forget it."""
        self._disarm()
        if self._taking is not None:
            self._taking.cancel()
        self._leave()
        super().connection_lost(exc)

    def data_received(self, data: bytes) -> None:
        """Take what the peer sent; a request that begins has a deadline."""
        if self._is_refused:
            self._refuse_for_now()
            return
        super().data_received(data)
        self._watch()

    def on_response_complete(self) -> None:
        """Go on to the next request, which may have come already."""
        super().on_response_complete()
        self._watch()
        self._watch_taking()

    def pause_writing(self) -> None:
        """Let the application wait for a peer that does not take its answer."""
        super().pause_writing()
        self._watch_taking()

    def send_400_response(self, msg: str) -> None:  # noqa: ARG002
        """Say what is wrong with a request that was not understood."""
        error = self.conn.error
        if isinstance(error, HeadError):
            self._refuse(error.error_status_hint, str(error), *error.headers)
            return
        # h11 would repeat what came, credentials and all.
        status = error.error_status_hint if error is not None else 400
        self._refuse(status, f"this is no HTTP: {HTTPStatus(status).phrase}")

    def handle_websocket_upgrade(self, event: h11.Request) -> None:
        """Let a handshake become a WebSocket."""
        assert self._address is not None
        self.conn.next_event()  # the end of a request without a body
        early, _ = self.conn.trailing_data
        scope: dict[str, Any] = {
            **self.scope,
            "type": "websocket",
            "asgi": {"version": self.asgi_version, "spec_version": "2.4"},
            "scheme": "wss" if self.scheme == "https" else "ws",
            "subprotocols": [
                token.strip().decode("latin-1")
                for name, value in event.headers
                if name == b"sec-websocket-protocol"
                for token in value.split(b",")
            ],
        }
        del scope["method"]
        self._is_over = True
        self._disarm()
        address, self._address = self._address, None
        self.connections.discard(self)
        WebSocket(
            app=self.app,
            scope=scope,
            http=self.conn,
            early=early,
            transport=self.transport,
            door=self._door,
            address=address,
            connections=self.connections,
            tasks=self.tasks,
            default_headers=self.server_state.default_headers,
        )

    def shutdown(self) -> None:
        """Answer what is under way and nothing more: the server stops."""
        if self.cycle is not None:
            super().shutdown()
        elif self._has_begun():
            self._refuse_for_now()
        else:
            # A handshake may be on its way; its sender should be told.
            self._is_refused = True
            self._arm(_LAST_CALL)

    def _should_upgrade(self) -> bool:
        return self.conn.is_handshake

    # Deadlines.

    def _watch(self) -> None:
        """Wait for the rest of a request, or stop waiting if it is whole."""
        if self._is_over:
            return
        is_waited_for = self.conn.their_state in (h11.IDLE, h11.SEND_BODY)
        # Between two requests uvicorn's own timer runs, which is shorter.
        if not is_waited_for or (self.cycle is not None and not self._has_begun()):
            self._disarm()
        elif self._deadline is None:
            self._arm(self._limits.request_within)

    def _arm(self, seconds: float) -> None:
        self._disarm()
        self._deadline = self.loop.call_later(seconds, self._is_late)

    def _disarm(self) -> None:
        if self._deadline is not None:
            self._deadline.cancel()
            self._deadline = None

    def _is_late(self) -> None:
        self._deadline = None
        if self._has_begun():
            self._refuse(408, "the request took too long")
        else:
            self.transport.close()

    def _has_begun(self) -> bool:
        """Tell whether some of a request is there."""
        return self.conn.their_state is not h11.IDLE or bool(self.conn.trailing_data[0])

    def _watch_taking(self) -> None:
        """Look after a while whether the peer takes what it asked for."""
        untaken = self.transport.get_write_buffer_size()
        if self._taking is None and untaken:
            self._untaken_bytes = untaken + unsent_bytes(self.transport)
            self._taking = self.loop.call_later(
                self._limits.taken_within, self._look_at_taking
            )

    def _look_at_taking(self) -> None:
        self._taking = None
        untaken = self.transport.get_write_buffer_size()
        if untaken and untaken + unsent_bytes(self.transport) >= self._untaken_bytes:
            self._cut()
        else:
            self._watch_taking()

    # Refusals.

    def _refuse_for_now(self) -> None:
        wait = b"%d" % self._limits.retry_after
        self._refuse(503, "the server is full or stopping", (b"retry-after", wait))

    def _refuse(self, status: int, text: str, *headers: tuple[bytes, bytes]) -> None:
        """Answer, unless an answer has begun, and hear no more."""
        self._is_over = True
        self._disarm()
        self._unset_keepalive_if_required()
        self._leave()
        if self.cycle is not None and not self.cycle.response_complete:
            # The application reads and writes nothing more.
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.connections.discard(self)
        if self.conn.our_state is h11.SEND_BODY:
            self._cut()
            return
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            self.transport.write(_answer(status, text, headers))
        Lingering(self.transport, self.connections, within=self._limits.lingers)

    def _cut(self) -> None:
        """End it so that half an answer cannot be taken for a whole one."""
        forget_unsent(self.transport)
        self.transport.abort()

    def _leave(self) -> None:
        if self._address is not None:
            self._door.leave(self._address)
            self._address = None


class _Connection(h11.Connection):
    """h11's, with our opinion of heads."""

    def __init__(self, limits: Limits) -> None:
        super().__init__(h11.SERVER, limits.head_bytes)
        self.error: h11.RemoteProtocolError | None = None
        self.is_handshake = False
        self._limits = limits

    def next_event(self) -> h11.Event | type[h11.NEED_DATA | h11.PAUSED]:
        try:
            if self.their_state is h11.IDLE:
                check_lines(self.trailing_data[0])
            event = super().next_event()
            if isinstance(event, h11.Request):
                check_head(event, self._limits)
                self.is_handshake = is_handshake(event)
        except h11.RemoteProtocolError as error:
            self.error = error
            raise
        return event


def _answer(status: int, text: str, headers: tuple[tuple[bytes, bytes], ...]) -> bytes:
    body = text.encode()
    lines = [
        b"HTTP/1.1 %d %s" % (status, HTTPStatus(status).phrase.encode()),
        b"content-type: text/plain; charset=utf-8",
        b"content-length: %d" % len(body),
        b"connection: close",
        *(name + b": " + value for name, value in headers),
    ]
    return b"\r\n".join(lines) + b"\r\n\r\n" + body
