"""A device: keeps connected, resumes, resends, and holds what it was sent."""

from __future__ import annotations

import asyncio
import contextlib
import random
import re
from collections.abc import Callable
from types import TracebackType
from typing import Any, Self
from urllib.parse import urlsplit

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidStatus, WebSocketException
from websockets.typing import Subprotocol

from goldenpath._ids import new_id
from goldenpath.client._http import HTTPClient
from goldenpath.errors import AuthError, RefusedError
from goldenpath.protocol._close_codes import (
    CLOSE_RULES,
    COME_BACK_BY_DEFAULT,
    CloseCode,
    ComeBack,
)
from goldenpath.protocol._codec import (
    SUBPROTOCOL,
    decode_server_frame,
    encode_frame,
)
from goldenpath.protocol._cursor import thread_log
from goldenpath.protocol._frames import (
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
_BACK_OFF_FIRST = 0.25
_RETRY_AFTER = re.compile(r"retry_after=([0-9.]+)")

Heard = Callable[[AnyServerFrame], None]


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

    Args:
        http: Logged in.
        device: The device's own name.
        back_off_most: Most seconds between two attempts to come back.
        heard: Called with every frame, after it was applied; not with events that
            had to be dropped.
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
        self.stopped: AuthError | RefusedError | None = None
        self._back_off_most = back_off_most
        self._heard = heard
        self._threads: dict[str, None] = {}
        self._websocket: ClientConnection | None = None
        self._is_live = asyncio.Event()
        self._pending: dict[str, tuple[ClientFrame, asyncio.Future[Result]]] = {}
        self._changed = asyncio.Condition()
        self._attempt = 0
        self._task: asyncio.Task[None] | None = None

    def start(self) -> None:
        """Begin to keep connected."""
        self._task = asyncio.create_task(self._stay_connected())

    async def stop(self) -> None:
        """Leave; what was not acknowledged is given up."""
        if self._task is not None:
            self._task.cancel()
            await asyncio.gather(self._task, return_exceptions=True)
        for _, future in self._pending.values():
            future.cancel()

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
        live = asyncio.create_task(self._is_live.wait())
        assert self._task is not None
        await asyncio.wait({live, self._task}, return_when=asyncio.FIRST_COMPLETED)
        live.cancel()
        if self.stopped is not None:
            raise self.stopped
        if self._task.done():
            self._task.result()
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
        """Follow a thread from now on, over all reconnects."""
        self._threads[thread] = None
        replica = self._replica(thread_log(thread))
        await self._request(
            Subscribe(id=new_id(), thread=thread, cursor=replica.cursor)
        )
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

    async def wait_for(self, is_true: Callable[[], bool]) -> None:
        """Wait until something holds; looked at after every frame."""
        async with self._changed:
            await self._changed.wait_for(lambda: is_true() or self.stopped is not None)
        if self.stopped is not None and not is_true():
            raise self.stopped

    async def wait_run_ended(self, sent: Result) -> str:
        """Wait for a run's end and return its state."""
        assert sent.thread is not None
        assert sent.run is not None
        run = sent.run
        replica = self._replica(thread_log(sent.thread))
        await self.wait_for(
            lambda: replica.transcript.state_of(run) not in (None, "running")
        )
        return replica.transcript.state_of(run) or ""

    def replica(self, thread: str) -> Replica:
        """Return what this device holds of a thread."""
        return self._replica(thread_log(thread))

    # Staying connected.

    async def _stay_connected(self) -> None:
        while self.stopped is None:
            code, reason = await self._live_once()
            self._is_live.clear()
            self._websocket = None
            delay = self._delay(code, reason)
            async with self._changed:
                self._changed.notify_all()
            if self.stopped is None:
                await asyncio.sleep(delay)
        for _, future in self._pending.values():
            if not future.done():
                future.set_exception(self.stopped)

    async def _live_once(self) -> tuple[int, str]:
        """Connect, live until the end, and return the close code and its reason."""
        parts = urlsplit(self.http.url)
        scheme = "wss" if parts.scheme == "https" else "ws"
        try:
            async with asyncio.timeout(_WELCOME_WITHIN):
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
                )
        except InvalidStatus as error:
            if error.response.status_code == 401:
                return CloseCode.AUTHENTICATE, "the session has ended"
            return 1006, ""
        except (OSError, TimeoutError, WebSocketException):
            return 1006, ""
        self._websocket = websocket
        try:
            await websocket.send(self._hello(), text=True)
            async with asyncio.timeout(_WELCOME_WITHIN):
                await self._take(await websocket.recv())
            async for data in websocket:
                await self._take(data)
        except (ConnectionClosed, TimeoutError):
            pass
        finally:
            with contextlib.suppress(Exception):
                await websocket.close()
        return websocket.close_code or 1006, websocket.close_reason or ""

    def _delay(self, code: int, reason: str) -> float:
        """Return the seconds to wait before coming back, or stop for good."""
        rule = None
        with contextlib.suppress(ValueError):
            rule = CLOSE_RULES[CloseCode(code)]
        come_back = rule.come_back if rule else COME_BACK_BY_DEFAULT
        meaning = rule.meaning if rule else "lost"
        if come_back is ComeBack.LOG_IN:
            self.stopped = AuthError(meaning)
            return 0.0
        if come_back in (ComeBack.NEVER, ComeBack.RELOAD):
            self.stopped = RefusedError(str(code), meaning)
            return 0.0
        self._attempt += 1
        if come_back is ComeBack.AT_ONCE and self._attempt <= 1:
            return 0.0
        told = _RETRY_AFTER.match(reason)
        if come_back is ComeBack.AFTER_DELAY and told is not None:
            return float(told.group(1))
        most = min(self._back_off_most, _BACK_OFF_FIRST * 2**self._attempt)
        return random.uniform(0.0, most)  # noqa: S311

    def _hello(self) -> bytes:
        cursors = {
            log: replica.cursor
            for log, replica in self.replicas.items()
            if replica.cursor is not None
        }
        return encode_frame(
            Hello(
                device=self.device,
                threads=tuple(self._threads),
                cursors=cursors,
                previous=self.welcome.connection if self.welcome else None,
            )
        )

    # Frames.

    async def _request(self, frame: Any) -> Result:
        future: asyncio.Future[Result] = asyncio.get_running_loop().create_future()
        self._pending[frame.id] = (frame, future)
        try:
            if self._is_live.is_set():
                await self._say(frame)
            return await future
        finally:
            del self._pending[frame.id]

    async def _say(self, frame: ClientFrame) -> None:
        if self._websocket is not None:
            # What a cut swallows is sent again after the next welcome.
            with contextlib.suppress(ConnectionClosed):
                await self._websocket.send(encode_frame(frame), text=True)

    async def _take(self, data: str | bytes) -> None:
        frame = decode_server_frame(data)
        if frame is None:
            return
        match frame:
            case Welcome():
                await self._welcomed(frame)
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
                self._settle(frame)
            case Ping():
                await self._say(Pong())
                await self._compare(frame)
            case Revoked():
                self.replicas.pop(frame.log, None)
                self._threads.pop(frame.log.removeprefix("thread:"), None)
            case Draining():
                assert self._websocket is not None
                await self._websocket.close()
        if self._heard is not None:
            self._heard(frame)
        async with self._changed:
            self._changed.notify_all()

    async def _welcomed(self, frame: Welcome) -> None:
        self.welcome = frame
        self.welcomes += 1
        self._attempt = 0
        self._is_live.set()
        for request, _ in tuple(self._pending.values()):
            await self._say(request)

    def _settle(self, frame: Result | ErrorFrame) -> None:
        _, future = self._pending.get(frame.id or "", (None, None))
        if future is None or future.done():
            return
        if isinstance(frame, Result):
            future.set_result(frame)
        else:
            future.set_exception(
                RefusedError(
                    frame.code,
                    frame.message,
                    retryable=frame.retryable,
                    retry_after=frame.retry_after,
                )
            )

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
