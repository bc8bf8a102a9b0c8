"""A device: keeps connected, resumes, resends, and holds what it was sent."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import random
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import (
    ConnectionClosed,
    InvalidStatus,
    NegotiationError,
    WebSocketException,
)
from websockets.typing import Subprotocol

from goldenpath._ids import new_id
from goldenpath.client._back_off import BackOff, farewell
from goldenpath.client._http import HTTPClient
from goldenpath.client._requests import Requests
from goldenpath.errors import LocalProtocolError, RefusedError, RemoteProtocolError
from goldenpath.protocol._close_codes import CloseCode
from goldenpath.protocol._codec import (
    SUBPROTOCOL,
    decode_server_frame,
    encode_frame,
)
from goldenpath.protocol._cursor import thread_log
from goldenpath.protocol._frames import (
    HELLO_THREADS,
    Answer,
    AnyServerFrame,
    Cancel,
    ClientFrame,
    Draining,
    ErrorFrame,
    EventFrame,
    Hello,
    Ping,
    Pong,
    Result,
    Resume,
    Retry,
    Revoked,
    Send,
    Snapshot,
    Subscribe,
    Welcome,
)
from goldenpath.protocol._replica import Applied, Replica

_WELCOME_WITHIN = 8.0
_LOST = 1006  # never on the wire: RFC 6455 has it for programs, for such a close
_NO_CONNECTION = (OSError, TimeoutError, WebSocketException)
# Seconds until the next connection is tried again while the present one lasts.
_MOVE_AGAIN_AFTER = 1.0

Heard = Callable[[AnyServerFrame], None]
_Request = Send | Subscribe | Cancel | Retry | Answer


class _NoDebug(logging.LoggerAdapter[logging.Logger]):
    """A logger that is deaf to DEBUG: websockets would write the token there."""

    def isEnabledFor(self, level: int) -> bool:  # noqa: N802
        """Tell whether a level is written."""
        return level > logging.DEBUG and super().isEnabledFor(level)


class Client:
    """One device of one person.

    ::

        async with HTTPClient(url) as http:
            await http.login(name, password)
            async with Client(http) as client:
                sent = await client.send("What is 2 + 2?")
                await client.wait_run_ended(sent)

    Inside the block it keeps connected by itself: after a cut it comes back, resumes
    where it was, and sends again what was not acknowledged.

    Whatever waits for the server raises when there is nothing left to wait for:
    ``AuthError`` when the session is over, ``RefusedError`` when the server says
    not to come back or the client was stopped.

    Args:
        http: Logged in.
        device: The device's own name.
        back_off_most: Most seconds between two attempts to come back.
        heard: Called with every frame, after it was applied; not with events that
            had to be dropped. What it raises stops the client.
    """

    def __init__(
        self,
        http: HTTPClient,
        *,
        device: str | None = None,
        back_off_most: float = 30.0,
        heard: Heard | None = None,
    ) -> None:
        self.http = http
        self.device = device or new_id()
        self.welcome: Welcome | None = None
        self.replicas: dict[str, Replica] = {}
        self.welcomes = 0
        self.stopped: Exception | None = None
        self._heard = heard
        self._threads: dict[str, None] = {}
        self._websocket: ClientConnection | None = None
        self._is_live = False
        self._welcomed_at = 0.0
        # What was opened before the present one is left, and its first frame.
        self._successor: tuple[ClientConnection, str | bytes] | None = None
        self._moving: asyncio.Task[None] | None = None
        self._requests = Requests()
        self._changed = asyncio.Condition()
        self._back_off = BackOff(most=back_off_most)
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to keep connected."""
        if self._task is not None and not self._task.done():
            raise LocalProtocolError("this client was started already")
        self.stopped = None
        self._task = asyncio.create_task(self._stay_connected())

    async def stop(self) -> None:
        """Leave; what was not acknowledged is given up."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)

    async def __aenter__(self) -> Self:
        self.start()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        traceback: TracebackType | None,
    ) -> None:
        await self.stop()

    async def wait_live(self) -> Welcome:
        """Wait until the server has said welcome.

        Raises:
            AuthError: The session is over.
            RefusedError: The server says not to come back.
        """
        await self.wait_for(lambda: self._is_live)
        assert self.welcome is not None
        return self.welcome

    def cut(self) -> None:
        """Drop the connection as a broken network would, without a farewell."""
        if self._websocket is not None:
            self._websocket.transport.abort()

    async def send(
        self,
        text: str,
        *,
        thread: str | None = None,
        client_message_id: str | None = None,
    ) -> Result:
        """Send a message; return when it is stored, however often that is tried.

        Its thread is followed from then on.

        Raises:
            RefusedError: The server will not take it.
        """
        sent = await self._request(
            Send(
                id=new_id(),
                client_message_id=client_message_id or new_id(),
                text=text,
                thread=thread,
            )
        )
        if sent.thread is not None and sent.thread not in self._threads:
            await self.follow(sent.thread)
        return sent

    async def follow(self, thread: str) -> Replica:
        """Follow a thread from now on, over all reconnects.

        Raises:
            RefusedError: There is no such thread, or it is somebody else's.
        """
        log = thread_log(thread)
        replica = self._replica(log)
        self._threads[thread] = None
        try:
            await self._request(
                Subscribe(id=new_id(), thread=thread, cursor=replica.cursor)
            )
        except RefusedError as error:
            # A client that was stopped still knows what it follows.
            if error is not self.stopped:
                self._forget(log)
            raise
        return replica

    async def cancel(
        self, *, run: str | None = None, client_message_id: str | None = None
    ) -> Result:
        """Stop a run."""
        return await self._request(
            Cancel(id=new_id(), run=run, client_message_id=client_message_id)
        )

    async def retry(self, run: str) -> Result:
        """Run a message again."""
        return await self._request(Retry(id=new_id(), run=run))

    async def answer(self, run: str, call: str, value: Any) -> Result:
        """Answer a question."""
        return await self._request(Answer(id=new_id(), run=run, call=call, value=value))

    async def wait_for(
        self, is_true: Callable[[], bool], *, thread: str | None = None
    ) -> None:
        """Wait until something holds; looked at after every frame.

        Args:
            is_true: Whether it holds.
            thread: What it is about; there is nothing to wait for once it is gone.

        Raises:
            RefusedError: ``not_found``: the thread is gone.
        """
        self._require_started()
        held = None if thread is None else self.replica(thread)

        def is_gone() -> bool:
            return held is not None and self.replicas.get(held.log) is not held

        async with self._changed:
            await self._changed.wait_for(
                lambda: is_true() or is_gone() or self.stopped is not None
            )
        if is_true():
            return
        if self.stopped is not None:
            raise self.stopped
        raise RefusedError("not_found", f"the thread {thread!r} is gone")

    async def wait_run_ended(self, sent: Result) -> str:
        """Wait for a run's end and return its state.

        Raises:
            RefusedError: ``not_found``: its thread is gone.
        """
        assert sent.thread is not None
        assert sent.run is not None
        run = sent.run
        replica = self.replica(sent.thread)
        await self.wait_for(
            lambda: replica.transcript.state_of(run) not in (None, "running"),
            thread=sent.thread,
        )
        return replica.transcript.state_of(run) or ""

    def replica(self, thread: str) -> Replica:
        """Return what this device holds of a thread."""
        return self._replica(thread_log(thread))

    # Staying connected.

    async def _stay_connected(self) -> None:
        try:
            while self.stopped is None:
                await self._live_and_wait()
        except Exception as error:
            self.stopped = error
            raise
        finally:
            # Nobody may wait for what nobody will bring.
            if self.stopped is None:
                self.stopped = RefusedError(
                    "unavailable", "this client was stopped", retryable=True
                )
            self._requests.fail(self.stopped)
            async with self._changed:
                self._changed.notify_all()

    async def _live_and_wait(self) -> None:
        loop = asyncio.get_running_loop()
        try:
            code, reason = await self._live()
        finally:
            lasted = loop.time() - self._welcomed_at if self._is_live else 0.0
            self._is_live = False
            self._websocket = None
            self._requests.lost()
            if self._successor is not None:
                self._successor[0].transport.abort()
                self._successor = None
        self.stopped = farewell(code)
        if self.stopped is None:
            delay = self._back_off.delay(code, reason, lasted=lasted)
            await asyncio.sleep(delay)

    async def _live(self) -> tuple[int, str]:
        """Connect, move when asked to, and return the last close code and reason."""
        try:
            websocket, first = await self._greet()
        except InvalidStatus as error:
            if error.response.status_code == 401:
                return CloseCode.AUTHENTICATE, "the session has ended"
            return _LOST, ""
        except ConnectionClosed as error:
            closed = error.rcvd
            return (closed.code, closed.reason) if closed is not None else (_LOST, "")
        except _NO_CONNECTION:
            return _LOST, ""
        while True:
            await self._live_on(websocket, first)
            if self._successor is None:
                return websocket.close_code or _LOST, websocket.close_reason or ""
            (websocket, first), self._successor = self._successor, None

    async def _greet(self) -> tuple[ClientConnection, str | bytes]:
        """Connect and say hello; return the connection and the first frame on it."""
        async with asyncio.timeout(_WELCOME_WITHIN):
            websocket = await self._connect()
        try:
            async with asyncio.timeout(_WELCOME_WITHIN):
                await websocket.send(encode_frame(self._hello()), text=True)
                return websocket, await websocket.recv()
        except BaseException:
            # Also when it is cancelled: nobody else knows of this connection.
            websocket.transport.abort()
            raise

    async def _live_on(self, websocket: ClientConnection, first: str | bytes) -> None:
        """Live on a connection until it ends, or until its successor is there."""
        self._websocket = websocket
        resending: asyncio.Task[None] | None = None
        try:
            await self._take(first)
            resending = asyncio.create_task(self._resend())
            await self._listen(websocket)
        except (ConnectionClosed, TimeoutError, RemoteProtocolError):
            pass
        finally:
            for task in (resending, self._moving):
                if task is not None:
                    task.cancel()
            self._moving = None
            with contextlib.suppress(WebSocketException, OSError):
                await websocket.close()

    async def _move(self, draining: Draining, old: ClientConnection) -> None:
        """Open the next connection, and only then leave this one."""
        loop = asyncio.get_running_loop()
        leave_by = loop.time() + draining.within
        await asyncio.sleep(draining.reconnect_after)
        while loop.time() < leave_by:
            try:
                websocket, first = await self._greet()
                is_welcome = isinstance(decode_server_frame(first), Welcome)
            except (*_NO_CONNECTION, InvalidStatus, RemoteProtocolError):
                is_welcome = False
            if is_welcome:
                self._successor = (websocket, first)
                await old.close()
                return
            # Whoever asked may be the only server there is: this one goes on.
            await asyncio.sleep(random.uniform(0.5, 1.0) * _MOVE_AGAIN_AFTER)  # noqa: S311

    async def _connect(self) -> ClientConnection:
        parts = urlsplit(self.http.url)
        scheme = "wss" if parts.scheme == "https" else "ws"
        websocket = await connect(
            f"{scheme}://{parts.netloc}{parts.path}/ws",
            subprotocols=[Subprotocol(SUBPROTOCOL)],
            additional_headers={"Authorization": f"Bearer {self.http.token}"},
            compression=None,
            ping_interval=None,
            max_size=1024 * 1024,
            max_queue=None,
            proxy=None,
            close_timeout=2,
            logger=_NoDebug(logging.getLogger("websockets.client"), {}),
        )
        if websocket.subprotocol != SUBPROTOCOL:
            # Something else answers there; what it would say means something else.
            websocket.transport.abort()
            raise NegotiationError(f"the server does not speak {SUBPROTOCOL}")
        return websocket

    async def _listen(self, websocket: ClientConnection) -> None:
        """Take frames until the connection ends or has been silent for too long."""
        silent_after = self.welcome.silent_after if self.welcome else _WELCOME_WITHIN
        while True:
            # A path that broke without a word would never end by itself.
            async with asyncio.timeout(silent_after):
                data = await websocket.recv()
            await self._take(data)

    def _hello(self) -> Hello:
        threads = tuple(self._threads)[-HELLO_THREADS:]
        logs = [thread_log(thread) for thread in threads]
        if self.welcome is not None:
            logs.append(self.welcome.log)
        cursors = {
            log: replica.cursor
            for log in logs
            if (replica := self.replicas.get(log)) is not None
            and replica.cursor is not None
        }
        return Hello(
            device=self.device,
            threads=threads,
            cursors=cursors,
            previous=self.welcome.connection if self.welcome else None,
        )

    # Requests.

    async def _request(self, frame: _Request) -> Result:
        self._require_started()
        if self.stopped is not None:
            raise self.stopped
        return await self._requests.ask(frame.id, frame)

    async def _resend(self) -> None:
        """Say again what was not answered, and ask for what hello had no room for."""
        await self._requests.repeat()
        for thread in tuple(self._threads)[:-HELLO_THREADS]:
            cursor = self._replica(thread_log(thread)).cursor
            frame = Subscribe(id=new_id(), thread=thread, cursor=cursor)
            await self._requests.say_in_turn(encode_frame(frame))

    async def _say(self, frame: ClientFrame) -> None:
        assert self._websocket is not None
        with contextlib.suppress(ConnectionClosed):
            await self._websocket.send(encode_frame(frame), text=True)

    def _require_started(self) -> None:
        if self._task is None:
            raise LocalProtocolError("start the client first")

    # Frames.

    async def _take(self, data: str | bytes) -> None:
        frame = decode_server_frame(data)
        if frame is None:
            return
        match frame:
            case Welcome():
                self._welcomed(frame)
            case EventFrame():
                replica = self._replica(frame.log)
                applied = replica.event(frame)
                if applied is Applied.MISSING:
                    await self._say(Resume(log=frame.log, cursor=replica.cursor))
                if applied is not Applied.APPLIED:
                    return
            case Snapshot():
                self._replica(frame.log).snapshot(frame)
            case Result() | ErrorFrame():
                self._requests.answered(frame)
            case Ping():
                await self._say(Pong())
                await self._compare(frame)
            case Revoked():
                self._forget(frame.log)
            case Draining() if self._moving is None and self._websocket is not None:
                moving = self._move(frame, self._websocket)
                self._moving = asyncio.create_task(moving)
        if self._heard is not None:
            self._heard(frame)
        async with self._changed:
            self._changed.notify_all()

    def _welcomed(self, frame: Welcome) -> None:
        self.welcome = frame
        self.welcomes += 1
        self._welcomed_at = asyncio.get_running_loop().time()
        self._is_live = True
        assert self._websocket is not None
        self._requests.welcomed(self._websocket, frame.limits)

    async def _compare(self, ping: Ping) -> None:
        for log, head in ping.heads.items():
            replica = self.replicas.get(log)
            if (
                replica is not None
                and replica.cursor is not None
                and head.number > replica.cursor.number
            ):
                await self._say(Resume(log=log, cursor=replica.cursor))

    def _replica(self, log: str) -> Replica:
        return self.replicas.setdefault(log, Replica(log))

    def _forget(self, log: str) -> None:
        """Stop following what may not be read, or not any more."""
        self.replicas.pop(log, None)
        self._threads.pop(log.removeprefix("thread:"), None)
