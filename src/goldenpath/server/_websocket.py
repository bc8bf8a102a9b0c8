"""One WebSocket: ASGI above, picows below.

Rule 1: nothing is read between the handshake and the accept, so that nothing has to
        be kept; what came in the handshake's own segment is kept.
Rule 2: nothing is written after the close frame, and nothing at all once the peer is
        gone: picows writes to a descriptor by its number, and the kernel gives the
        number to the next peer.
Rule 3: picows parses and writes, but ends nothing: each end is decided here.

The names of picows that are no public ones of it are in ``_parser.py``.
"""

from __future__ import annotations

import asyncio
import base64
import contextlib
import enum
import hashlib
import logging
from collections import deque
from collections.abc import Awaitable, Callable, MutableMapping
from typing import Any, cast

import h11
from picows import WSCloseCode, WSFrame, WSListener, WSMsgType, WSTransport
from uvicorn.protocols.utils import ClientDisconnected

from goldenpath.asgi._socket import LANE
from goldenpath.protocol._rate import TokenBucket
from goldenpath.server._door import Door
from goldenpath.server._kernel import forget_unsent, unsent_bytes
from goldenpath.server._lingering import Lingering
from goldenpath.server._parser import Parser

Message = MutableMapping[str, Any]
Headers = list[tuple[bytes, bytes]]

_logger = logging.getLogger(__name__)

_REASON_BYTES = 123  # what a control frame holds, less its code
_KEY_SUFFIX = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
_GOING_AWAY, _PROTOCOL_ERROR, _NO_CODE, _LOST = 1001, 1002, 1005, 1006
_BAD_TEXT, _POLICY, _TOO_LARGE, _BUG = 1007, 1008, 1009, 1011
# Of those that the standard and its registry know, the ones that may be sent.
_CLOSE_CODES = frozenset((*range(1000, 1004), *range(1007, 1015)))
# Frames of one turn of the loop leave together, up to this.
_CORK_BYTES = 16 * 1024
# When the server stops, a peer that is slow to leave is let go of.
_STOPPED_WITHIN = 0.5


class _State(enum.Enum):
    ASKED = enum.auto()  # the application has not answered the handshake
    DENYING = enum.auto()  # it is answering it with an HTTP response
    OPEN = enum.auto()
    CLOSING = enum.auto()  # a close frame was sent; nothing but its echo counts
    OVER = enum.auto()  # nothing more is sent, and nothing that comes is looked at


class _Gone:
    """The disconnect, as the application will read it."""

    def __init__(self, code: int, reason: str = "") -> None:
        self.message = {
            "type": "websocket.disconnect",
            "code": code,
            "reason": reason,
        }


class WebSocket(WSListener):
    """A handshake, and what becomes of it; the fast lane of the connection it makes.

    Args:
        app: The ASGI application.
        scope: Of the handshake.
        http: Parsed the handshake, and writes the answer to it.
        early: Bytes that came with it.
        transport: Carries it all.
        door: Counts it until it is accepted.
        address: As what it is counted.
        connections: Knows this while it lasts.
        tasks: Knows the application's task.
        default_headers: Added to whatever answer the handshake gets.
    """

    def __init__(
        self,
        *,
        app: Callable[..., Awaitable[None]],
        scope: dict[str, Any],
        http: h11.Connection,
        early: bytes,
        transport: asyncio.Transport,
        door: Door,
        address: str,
        connections: set[Any],
        tasks: set[asyncio.Task[None]],
        default_headers: Headers,
    ) -> None:
        super().__init__()
        self._app = app
        scope["extensions"] = {"websocket.http.response": {}, LANE: self}
        self._scope = scope
        self._http = http
        self._early = early
        self._transport = transport
        self._door = door
        self._address: str | None = address
        self._connections = connections
        self._default_headers = default_headers
        self._limits = door.limits
        self._loop = asyncio.get_running_loop()
        self._state = _State.ASKED
        self._parser: Parser | None = None
        # What the application has yet to take.
        self._inbox: deque[str | bytes | _Gone] = deque()
        self._inbox_bytes = 0
        self._is_connect_told = False
        self._gone: _Gone | None = None
        self._arrival: asyncio.Future[None] | None = None
        self._is_reading_paused = False
        # A message of which more has to come.
        self._fragments: bytearray | None = None
        self._fragment_count = 0
        self._is_text = False
        self._is_frame_unfinished = False
        self._is_parser_empty = False
        self._message_deadline: asyncio.TimerHandle | None = None
        self._close_deadline: asyncio.TimerHandle | None = None
        self._control_frames: TokenBucket | None = None
        # What was sent in this turn of the loop.
        self._corked: list[bytes] = []
        self._corked_bytes = 0
        self._is_writing_paused = False
        self._waiting_for_room: list[asyncio.Future[None]] = []
        connections.add(self)
        transport.pause_reading()
        transport.set_protocol(_Handshaking(self))
        # Room is there as soon as it is: a reader may take seconds for a kilobyte.
        most = self._limits.write_bytes
        transport.set_write_buffer_limits(high=most, low=most)
        self._task = self._loop.create_task(self._run())
        tasks.add(self._task)
        self._task.add_done_callback(tasks.discard)

    async def _run(self) -> None:
        try:
            await self._app(self._scope, self.receive, self.send)
        except ClientDisconnected:
            pass
        except asyncio.CancelledError:
            self.shutdown()
            raise
        except Exception:
            _logger.exception("the application failed")
            self._finish(500, _BUG)
        else:
            if self._state in (_State.ASKED, _State.DENYING):
                _logger.error("the application returned without an answer")
            self._finish(500, 1000)

    def _finish(self, status: int, code: int) -> None:
        """End what the application left unfinished."""
        if self._state is _State.ASKED:
            self._deny_at_once(status)
        elif self._state is _State.DENYING:
            self.abort()
        elif self._state is _State.OPEN:
            self._close(code, "")

    def shutdown(self) -> None:
        """Go away: the server stops, and has told the application so long ago."""
        if self._state is _State.ASKED:
            self._deny_at_once(503)
            # Whatever it waits for would come too late.
            self._task.cancel()
        elif self._state is _State.OPEN:
            self._close(_GOING_AWAY, "")
        if self._state is _State.CLOSING:
            self._abort_after(_STOPPED_WITHIN)

    # The application's side.

    async def receive(self) -> Message:
        """Return what happened next; a cancelled call loses nothing."""
        if not self._is_connect_told:
            self._is_connect_told = True
            return {"type": "websocket.connect"}
        while not self._inbox:
            if self._gone is not None:
                return dict(self._gone.message)
            self._arrival = self._loop.create_future()
            try:
                await self._arrival
            finally:
                self._arrival = None
        item = self._inbox.popleft()
        if isinstance(item, _Gone):
            return dict(item.message)
        self._inbox_bytes -= len(item)
        self._shrink()
        if self._is_reading_paused and not self._is_inbox_full(half=True):
            self._read_on()
        if isinstance(item, str):
            return {"type": "websocket.receive", "text": item}
        return {"type": "websocket.receive", "bytes": item}

    async def send(self, message: Message) -> None:
        """Do what the application says.

        Raises:
            ClientDisconnected: The peer is gone.
            RuntimeError: The application may not say that now.
        """
        kind = message["type"]
        if self._state is _State.OPEN and kind == "websocket.send":
            text = message.get("text")
            if text is not None:
                self.send_nowait(text.encode())
            else:
                self._flush()
                self._write(WSMsgType.BINARY, message["bytes"])
            await self.wait_room()
            if self._gone is not None:
                raise ClientDisconnected
        elif self._state is _State.OPEN and kind == "websocket.close":
            self._close(message.get("code", 1000), message.get("reason") or "")
        elif self._state is _State.OVER or self._gone is not None:
            raise ClientDisconnected
        elif self._state is _State.ASKED and kind == "websocket.accept":
            self._accept(message)
        elif self._state is _State.ASKED and kind == "websocket.close":
            self._deny_at_once(403)
        elif self._state is _State.ASKED and kind == "websocket.http.response.start":
            self._deny(message["status"], list(message.get("headers", ())))
        elif self._state is _State.DENYING and kind == "websocket.http.response.body":
            self._deny_more(message)
        else:
            raise RuntimeError(f"{kind!r} may not be sent now")

    # The fast lane: see asgi/_socket.py.

    @property
    def is_open(self) -> bool:
        """Whether a frame that is sent now may arrive."""
        return self._state is _State.OPEN

    @property
    def has_room(self) -> bool:
        """Whether the peer takes what it is sent."""
        return not self._is_writing_paused

    @property
    def buffered_bytes(self) -> int:
        """What was sent and has not left this machine."""
        if self._state is _State.OVER:
            return 0
        return (
            self._corked_bytes
            + self._transport.get_write_buffer_size()
            + unsent_bytes(self._transport)
        )

    def send_nowait(self, frame: bytes) -> None:
        """Send a text message, together with others of this turn of the loop."""
        if not self._corked:
            self._loop.call_soon(self._flush)
        self._corked.append(frame)
        self._corked_bytes += len(frame)
        if self._corked_bytes >= _CORK_BYTES:
            self._flush()

    async def wait_room(self) -> None:
        """Wait until the peer has taken enough, or is gone."""
        while self._is_writing_paused and self._state is _State.OPEN:
            room = self._loop.create_future()
            self._waiting_for_room.append(room)
            try:
                await room
            finally:
                with contextlib.suppress(ValueError):
                    self._waiting_for_room.remove(room)

    def abort(self) -> None:
        """Let go of the peer, and of all that was to be sent to it."""
        if self._state is _State.OVER:
            return
        self._be_over(_LOST)
        forget_unsent(self._transport)
        self._transport.abort()

    # Before it is accepted.

    def _accept(self, message: Message) -> None:
        subprotocol = message.get("subprotocol")
        headers = [
            (b"upgrade", b"websocket"),
            (b"connection", b"upgrade"),
            (b"sec-websocket-accept", _accepted(self._scope["headers"])),
        ]
        if subprotocol:
            if subprotocol not in self._scope["subprotocols"]:
                raise RuntimeError(f"{subprotocol!r} is none that the client offered")
            headers.append((b"sec-websocket-protocol", subprotocol.encode()))
        head = self._http.send(
            h11.InformationalResponse(
                status_code=101,
                headers=headers + self._default_headers + _given(message),
                reason=b"Switching Protocols",
            )
        )
        assert head is not None
        del self._http  # not needed again, and not small
        self._parser = self._new_parser(head)
        self._state = _State.OPEN
        self._release()
        early, self._early = self._early, b""
        self._parser.feed(early)
        self._read_on()

    def _new_parser(self, head: bytes) -> Parser:
        return Parser(
            self,
            self._transport,
            head=head,
            max_frame_bytes=self._limits.message_bytes,
        )

    def _deny(self, status: int, headers: Headers) -> None:
        kept = [(n, v) for n, v in headers if n.lower() != b"connection"]
        answer = h11.Response(
            status_code=status,
            headers=[*self._default_headers, *kept, (b"connection", b"close")],
        )
        head = self._http.send(answer)
        assert head is not None
        self._state = _State.DENYING
        self._transport.write(head)

    def _deny_more(self, message: Message) -> None:
        body = self._http.send(h11.Data(data=message.get("body", b"")))
        self._transport.write(body or b"")
        if not message.get("more_body", False):
            self._transport.write(self._http.send(h11.EndOfMessage()) or b"")
            self._be_over(_LOST)
            self._linger()

    def _deny_at_once(self, status: int) -> None:
        headers = [(b"content-length", b"0")]
        if status == 503:
            headers.append((b"retry-after", b"%d" % self._limits.retry_after))
        self._deny(status, headers)
        self._deny_more({})

    # What the peer sends.

    def on_ws_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        """Take a frame from picows, unless it has found the next one wrong."""
        if frame.last_in_buffer:
            self._is_frame_unfinished = frame.tail_size > 0
        if self._state is _State.OPEN and not transport.is_close_frame_sent:
            self._take_frame(transport, frame)
        elif self._state is _State.CLOSING and frame.msg_type == WSMsgType.CLOSE:
            self._be_over(_LOST)
            self._transport.close()

    def _take_frame(self, transport: WSTransport, frame: WSFrame) -> None:
        kind = frame.msg_type
        if frame.rsv1 or frame.rsv2 or frame.rsv3:
            # No extension was negotiated, compression least of all.
            self._fail(_PROTOCOL_ERROR, "a reserved bit is set")
        elif kind == WSMsgType.CLOSE:
            self._take_close(frame)
        elif kind in (WSMsgType.PING, WSMsgType.PONG):
            if self._may_control() and kind == WSMsgType.PING and self.has_room:
                transport.send_pong(frame.get_payload_as_bytes())
        elif (kind == WSMsgType.CONTINUATION) != (self._fragments is not None):
            self._fail(_PROTOCOL_ERROR, "a fragment out of order")
        elif self._fragments is not None:
            self._take_fragment(self._fragments, frame)
        elif frame.fin:
            self._take_whole(kind, frame)
        else:
            self._fragments = bytearray(frame.get_payload_as_bytes())
            self._fragment_count = 1
            self._is_text = kind == WSMsgType.TEXT

    def _take_whole(self, kind: WSMsgType, frame: WSFrame) -> None:
        try:
            self._put(
                frame.get_payload_as_utf8_text()
                if kind == WSMsgType.TEXT
                else frame.get_payload_as_bytes()
            )
        except UnicodeDecodeError:
            self._fail(_BAD_TEXT, "a text that is no UTF-8")

    def _take_fragment(self, fragments: bytearray, frame: WSFrame) -> None:
        if len(fragments) + frame.payload_size > self._limits.message_bytes:
            self._fail(_TOO_LARGE, "a message is too large")
            return
        self._fragment_count += 1
        if self._fragment_count > self._limits.message_fragments:
            self._fail(_POLICY, "a message has too many fragments")
            return
        # One that brings nothing costs its sender nothing either.
        if not frame.payload_size and not frame.fin and not self._may_control():
            return
        fragments += frame.get_payload_as_bytes()
        if not frame.fin:
            return
        self._fragments = None
        try:
            self._put(fragments.decode() if self._is_text else bytes(fragments))
        except UnicodeDecodeError:
            self._fail(_BAD_TEXT, "a text that is no UTF-8")

    def _take_close(self, frame: WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        code = int.from_bytes(payload[:2], "big") if payload else _NO_CODE
        if payload and not _may_close_with(code):
            self._fail(_PROTOCOL_ERROR, "a close code that nobody may send")
            return
        self._flush()
        self._tell_gone(code, payload[2:].decode())  # picows has looked at both
        self._write_close(1000 if code == _NO_CODE else code, "")
        self._state = _State.CLOSING
        self._transport.close()
        self._abort_after(self._limits.closed_within)

    def _shrink(self) -> None:
        """Give back what a large frame took."""
        if self._state is _State.OPEN and self._is_parser_empty:
            assert self._parser is not None
            if self._parser.is_swollen:
                self._parser = self._new_parser(b"")

    def _may_control(self) -> bool:
        now = self._loop.time()
        if self._control_frames is None:
            self._control_frames = TokenBucket(
                rate=self._limits.control_frames_per_second,
                burst=self._limits.control_frames_burst,
                now=now,
            )
        if self._control_frames.take(now=now):
            _logger.info("%s sent too many control frames", self._scope["client"])
            self.abort()
            return False
        return True

    def was_read(self) -> None:
        """Look after a message that is not whole yet; more was read just now."""
        is_unfinished = self._is_frame_unfinished or self._fragments is not None
        if self._state is not _State.OPEN or not is_unfinished:
            if self._message_deadline is not None:
                self._message_deadline.cancel()
                self._message_deadline = None
        elif self._message_deadline is None:
            self._message_deadline = self._loop.call_later(
                self._limits.message_within, self._message_is_late
            )
        self._is_parser_empty = not self._is_frame_unfinished
        # Unless the next frames that are read say otherwise.
        self._is_frame_unfinished = True

    def _message_is_late(self) -> None:
        self._message_deadline = None
        if self._is_reading_paused:  # it is us who are late
            self.was_read()
        else:
            self._fail(_POLICY, "a message took too long")

    def parser_failed(self, code: int) -> None:
        """Take note that picows found a frame wrong, and has said so to the peer."""
        if self._state is _State.OPEN:
            _logger.info("%s broke the protocol: %d", self._scope["client"], code)
            self._be_over(code)
            self._linger()

    def _fail(self, code: int, reason: str) -> None:
        _logger.info("%s broke the protocol: %s", self._scope["client"], reason)
        self._flush()
        self._write_close(code, reason)
        self._be_over(code, reason)
        self._linger()

    def _put(self, item: str | bytes) -> None:
        self._inbox.append(item)
        self._inbox_bytes += len(item)
        if self._is_inbox_full() and not self._is_reading_paused:
            self._is_reading_paused = True
            self._transport.pause_reading()
        self._wake()

    def _is_inbox_full(self, *, half: bool = False) -> bool:
        share = 2 if half else 1
        return (
            len(self._inbox) > self._limits.waiting_messages // share
            or self._inbox_bytes > self._limits.waiting_bytes // share
        )

    def _read_on(self) -> None:
        self._is_reading_paused = self._state is _State.OPEN and self._is_inbox_full()
        if self._state in (_State.OPEN, _State.CLOSING) and not self._is_reading_paused:
            self._transport.resume_reading()

    def _wake(self) -> None:
        if self._arrival is not None and not self._arrival.done():
            self._arrival.set_result(None)

    # What the peer is sent.

    def _flush(self) -> None:
        frames = self._corked
        if not frames:
            return
        self._corked = []
        self._corked_bytes = 0
        # Rule 2, where it cannot be forgotten.
        if self._state is not _State.OPEN:
            return
        if len(frames) == 1:
            self._write(WSMsgType.TEXT, frames[0])
        else:
            self._transport.write(b"".join(_framed(frames)))

    def _write(self, kind: WSMsgType, payload: bytes) -> None:
        assert self._parser is not None
        self._parser.transport.send(kind, payload)

    def _write_close(self, code: int, reason: str) -> None:
        # By picows, which then says nothing more either, whatever it finds wrong.
        assert self._parser is not None
        short = reason.encode()[:_REASON_BYTES].decode(errors="ignore")
        self._parser.transport.send_close(cast("WSCloseCode", code), short)

    def _close(self, code: int, reason: str) -> None:
        """Say goodbye, and wait for the peer to say it too."""
        self._flush()
        self._write_close(code, reason)
        self._state = _State.CLOSING
        self._tell_gone(code, reason)
        self._read_on()
        self._abort_after(self._limits.closed_within)

    def _abort_after(self, seconds: float) -> None:
        if self._close_deadline is not None:
            self._close_deadline.cancel()
        self._close_deadline = self._loop.call_later(seconds, self.abort)

    def pause_writing(self) -> None:
        """Let senders wait."""
        self._is_writing_paused = True

    def resume_writing(self) -> None:
        """Let them go on."""
        self._is_writing_paused = False
        waiting, self._waiting_for_room = self._waiting_for_room, []
        for room in waiting:
            if not room.done():
                room.set_result(None)

    # The end.

    def on_ws_disconnected(self, _transport: WSTransport) -> None:
        """Be over: picows says that the transport is gone."""
        self.lost()

    def lost(self) -> None:
        """Be over: the transport is gone."""
        self._be_over(_LOST)
        self._connections.discard(self)

    def _linger(self) -> None:
        Lingering(self._transport, self._connections, within=self._limits.lingers)
        self._connections.discard(self)

    def _be_over(self, code: int, reason: str = "") -> None:
        self._state = _State.OVER
        self._corked.clear()
        self._corked_bytes = 0
        self._fragments = None
        for handle in (self._message_deadline, self._close_deadline):
            if handle is not None:
                handle.cancel()
        self._message_deadline = self._close_deadline = None
        self._release()
        self._tell_gone(code, reason)
        self.resume_writing()

    def _tell_gone(self, code: int, reason: str) -> None:
        if self._gone is None:
            self._gone = _Gone(code, reason)
            self._inbox.append(self._gone)
            self._wake()

    def _release(self) -> None:
        if self._address is not None:
            self._door.leave(self._address)
            self._address = None


class _Handshaking(asyncio.Protocol):
    """What the transport talks to until the application has answered."""

    def __init__(self, websocket: WebSocket) -> None:
        self._websocket = websocket

    def connection_lost(self, _error: Exception | None) -> None:
        self._websocket.lost()


def _accepted(headers: Headers) -> bytes:
    """Return the proof that this is a WebSocket server; RFC 6455, section 4.2.2."""
    key = next(value for name, value in headers if name == b"sec-websocket-key")
    # Not a secret: a constant of the protocol.
    return base64.b64encode(hashlib.sha1(key + _KEY_SUFFIX).digest())  # noqa: S324


def _may_close_with(code: int) -> bool:
    """Tell whether a peer may send a close code; RFC 6455, section 7.4."""
    return code in _CLOSE_CODES or 3000 <= code < 5000


def _given(message: Message) -> Headers:
    headers = [(name.lower(), value) for name, value in message.get("headers", ())]
    for name, _ in headers:
        if name in (b"sec-websocket-protocol", b"sec-websocket-extensions"):
            raise RuntimeError(f"{name.decode()} is the server's to set")
    return headers


def _framed(frames: list[bytes]) -> list[bytes]:
    """Return text frames and their heads, in turn; RFC 6455, section 5.2."""
    pieces = []
    for frame in frames:
        size = len(frame)
        if size < 126:
            pieces.append(bytes((0x81, size)))
        elif size < 1 << 16:
            pieces.append(b"\x81\x7e" + size.to_bytes(2, "big"))
        else:
            pieces.append(b"\x81\x7f" + size.to_bytes(8, "big"))
        pieces.append(frame)
    return pieces
