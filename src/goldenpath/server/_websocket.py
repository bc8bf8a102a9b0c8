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
import enum
import hashlib
import logging
from collections.abc import Awaitable, Callable
from typing import Any

import h11
from picows import WSFrame, WSListener, WSMsgType, WSTransport
from uvicorn.protocols.utils import ClientDisconnected

from goldenpath.asgi._socket import LANE
from goldenpath.protocol._rate import TokenBucket
from goldenpath.server._door import Door
from goldenpath.server._inbox import Inbox, Message
from goldenpath.server._kernel import forget_unsent
from goldenpath.server._lingering import Lingering
from goldenpath.server._messages import Flaw, Messages
from goldenpath.server._outgoing import Outgoing
from goldenpath.server._parser import Parser

Headers = list[tuple[bytes, bytes]]

_logger = logging.getLogger(__name__)

_KEY_SUFFIX = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"  # RFC 6455, section 1.3
_NORMAL, _GOING_AWAY, _PROTOCOL_ERROR = 1000, 1001, 1002
_NO_CODE, _LOST, _POLICY, _BUG = 1005, 1006, 1008, 1011
# Of those that the standard and its registry know, the ones that may be sent.
_CLOSE_CODES = frozenset((*range(1000, 1004), *range(1007, 1015)))
# When the server stops, a peer that is slow to leave is let go of.
_STOPPED_WITHIN = 0.5


class _State(enum.Enum):
    ASKED = enum.auto()  # the application has not answered the handshake
    DENYING = enum.auto()  # it is answering it with an HTTP response
    OPEN = enum.auto()
    CLOSING = enum.auto()  # a close frame was sent; nothing but its echo counts
    OVER = enum.auto()  # nothing more is sent, and nothing that comes is looked at


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
        self._inbox = Inbox(transport, self._limits)
        self._messages = Messages(self._limits)
        self._outgoing = Outgoing(transport, self._limits)
        # Not a method, because it is called for each frame.
        self.send_nowait = self._outgoing.send_nowait
        self._is_frame_unfinished = False
        self._is_parser_empty = False
        self._message_deadline: asyncio.TimerHandle | None = None
        self._close_deadline: asyncio.TimerHandle | None = None
        self._control_frames: TokenBucket | None = None
        connections.add(self)
        transport.set_protocol(_Handshaking(self))
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
            self._finish(500, _NORMAL)

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
        message = await self._inbox.take()
        self._shrink()
        return message

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
                self._outgoing.send_bytes(message["bytes"])
            await self.wait_room()
            if self._inbox.is_ended:
                raise ClientDisconnected
        elif self._state is _State.OPEN and kind == "websocket.close":
            self._close(message.get("code", _NORMAL), message.get("reason") or "")
        elif self._state is _State.OVER or self._inbox.is_ended:
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
        # A write that failed closes the transport; it is told a little later.
        return self._state is _State.OPEN and not self._transport.is_closing()

    @property
    def has_room(self) -> bool:
        """Whether the peer takes what it is sent."""
        return self._outgoing.has_room

    @property
    def buffered_bytes(self) -> int:
        """What was sent and has not left this machine."""
        return 0 if self._state is _State.OVER else self._outgoing.buffered_bytes

    async def wait_room(self) -> None:
        """Wait until the peer has taken enough, or is gone."""
        await self._outgoing.wait_room()

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
        self._inbox.read_on()

    def _new_parser(self, head: bytes) -> Parser:
        parser = Parser(
            self,
            self._transport,
            head=head,
            max_frame_bytes=self._limits.message_bytes,
        )
        self._outgoing.open(parser.transport)
        return parser

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
            # The deadline stays: what was sent before may not be read.
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
        # A fragment that brings nothing costs its sender nothing either.
        elif frame.payload_size or frame.fin or self._may_control():
            message = self._messages.take(frame)
            if isinstance(message, Flaw):
                self._fail(*message)
            elif message is not None:
                self._inbox.put(message)

    def _take_close(self, frame: WSFrame) -> None:
        payload = frame.get_payload_as_bytes()
        code = int.from_bytes(payload[:2], "big") if payload else _NO_CODE
        if payload and not _may_close_with(code):
            self._fail(_PROTOCOL_ERROR, "a close code that nobody may send")
            return
        self._inbox.end(code, payload[2:].decode())  # picows has looked at both
        self._close(_NORMAL if code == _NO_CODE else code, "")
        self._transport.close()

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
        is_unfinished = self._is_frame_unfinished or self._messages.is_unfinished
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
        if self._inbox.is_reading_paused:  # it is us who are late
            self.was_read()
        else:
            self._fail(_POLICY, "a message took too long")

    def _shrink(self) -> None:
        """Give back what a large frame took."""
        if self._state is _State.OPEN and self._is_parser_empty:
            assert self._parser is not None
            if self._parser.is_swollen:
                self._parser = self._new_parser(b"")

    def parser_failed(self, code: int) -> None:
        """Take note that picows found a frame wrong, and has said so to the peer."""
        if self._state is _State.OPEN:
            _logger.info("%s broke the protocol: %d", self._scope["client"], code)
            self._be_over(code)
            self._linger()

    # The end.

    def _fail(self, code: int, reason: str) -> None:
        """Say what is wrong, and hear no more."""
        _logger.info("%s broke the protocol: %s", self._scope["client"], reason)
        self._outgoing.close(code, reason)
        self._be_over(code, reason)
        self._linger()

    def _close(self, code: int, reason: str) -> None:
        """Say goodbye, and wait for the peer to say it too."""
        self._outgoing.close(code, reason)
        self._state = _State.CLOSING
        self._inbox.end(code, reason)
        self._inbox.read_on()
        self._abort_after(self._limits.closed_within)

    def _abort_after(self, seconds: float) -> None:
        if self._close_deadline is not None:
            self._close_deadline.cancel()
        self._close_deadline = self._loop.call_later(seconds, self.abort)

    def pause_writing(self) -> None:
        """Let senders wait."""
        self._outgoing.pause()

    def resume_writing(self) -> None:
        """Let them go on."""
        self._outgoing.resume()

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
        self._outgoing.end()
        for handle in (self._message_deadline, self._close_deadline):
            if handle is not None:
                handle.cancel()
        self._message_deadline = self._close_deadline = None
        self._release()
        self._inbox.end(code, reason)

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
