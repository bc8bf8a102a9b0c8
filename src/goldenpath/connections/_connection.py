"""One connection: four tasks and more, of which any ends all by failing.

* The reader takes what comes, and is never cancelled for a deadline.
* The handler says hello, then answers requests, one after the other.
* The follower reads logs.
* The writer is the only one who sends.
* The clock lets time pass.

What may happen when is not decided here: see ``protocol/_lifecycle.py``.
"""

from __future__ import annotations

import asyncio
import contextlib
import logging
import math
import random
import time
from collections import deque
from collections.abc import Callable, Coroutine, Mapping, Sequence
from typing import Any

from goldenpath._ids import new_id
from goldenpath._settings import Settings
from goldenpath.auth._identity import Authenticator, Identity
from goldenpath.buses._base import Bus
from goldenpath.connections._following import Following
from goldenpath.connections._intake import Intake, Refusal, request_id
from goldenpath.connections._registry import Registry
from goldenpath.connections._requests import Requests
from goldenpath.connections._transport import PeerLostError, Transport
from goldenpath.errors import (
    AuthError,
    StorageError,
)
from goldenpath.logs._base import Log
from goldenpath.protocol._close_codes import CLOSE_RULES, CloseCode
from goldenpath.protocol._codec import encode_frame
from goldenpath.protocol._cursor import Cursor, thread_log, user_log
from goldenpath.protocol._entries import Entry
from goldenpath.protocol._frames import (
    AnyClientFrame,
    Draining,
    ErrorFrame,
    Expiring,
    Hello,
    Limits,
    Person,
    Ping,
    Revoked,
    ServerFrame,
    Welcome,
)
from goldenpath.protocol._lifecycle import Effect, Lifecycle, Signal, State
from goldenpath.protocol._outbox import Outbox
from goldenpath.runs._threads import Threads

_logger = logging.getLogger(__name__)

_HEARTBEAT_JITTER = 0.2
# Of the host's limit on a request, between these: drawn, so that connections which
# came together do not leave together.
_ROTATE_AT = (0.80, 0.92)
# After that a connection has half of what is left, and not for ever, to leave.
_ROTATE_WITHIN = 30.0
# The handler answers one by one; a client that is further ahead has to wait.
_WAITING_FRAMES = 64
# So many failures of ours in so many seconds close a connection.
_FAILURES, _FAILURES_WITHIN = 5, 10.0
_CLOSE_WITHIN = 2.0
# What a task does about its own cancelling must be done by then.
_CLEAN_UP_WITHIN = 5.0
# A timer that fires later than this means that this process stood still.
_LAG = 1.0
_LAG_FORGIVEN = 5.0
# A client that is turned away before its welcome reads this in the close reason.
_UNAVAILABLE_FOR = 2.0
# An authenticator may say that a session never ends; JSON has no infinity.
_LONGEST_SESSION = 10 * 365 * 24 * 3600.0
# These closes must not wait for, or not show, what is still queued.
_SAID_AT_ONCE = (CloseCode.TIMEOUT, CloseCode.BEHIND, CloseCode.SESSION_ENDED)


class Connection:
    """An accepted connection, from hello to close.

    Args:
        transport: Carries the frames.
        identity: Who it is, if the handshake said so; else ``hello`` has a ticket.
        origin: The page that opened it, for checking the ticket.
        authenticator: Redeems tickets.
        log: The truth.
        bus: Tells when it moved.
        threads: Does what the person asks for.
        registry: Knows this connection while it is open.
        settings: Times and sizes.
    """

    def __init__(
        self,
        transport: Transport,
        *,
        identity: Identity | None,
        origin: str | None,
        authenticator: Authenticator,
        log: Log,
        bus: Bus,
        threads: Threads,
        registry: Registry,
        settings: Settings,
    ) -> None:
        self.id = new_id()
        self._transport = transport
        self._identity = identity
        self._origin = origin
        self._authenticator = authenticator
        self._log = log
        self._bus = bus
        self._threads = threads
        self._registry = registry
        self._settings = settings
        self._following: Following | None = None
        self._now: Callable[[], float] = asyncio.get_running_loop().time
        now = self._now()
        jitter = random.uniform(1 - _HEARTBEAT_JITTER, 1 + _HEARTBEAT_JITTER)  # noqa: S311
        most = settings.max_connection_age or math.inf
        rotate_after = most * random.uniform(*_ROTATE_AT)  # noqa: S311
        self._lifecycle = Lifecycle(
            now=now,
            hello_within=settings.hello_within,
            authenticated_within=settings.authenticated_within,
            welcome_within=settings.welcome_within,
            ping_every=settings.heartbeat_every * jitter,
            silent_after=settings.silent_after,
            drain_within=settings.drain_within,
            close_within=_CLOSE_WITHIN,
            rotate_after=rotate_after,
            rotate_within=min(_ROTATE_WITHIN, (most - rotate_after) / 2)
            if settings.max_connection_age
            else 0.0,
        )
        self._outbox = Outbox(
            merge_bytes=settings.merge_bytes,
            summarise_bytes=settings.summarise_bytes,
            snapshot_bytes=settings.snapshot_bytes,
            stalled_after=settings.stalled_after,
        )
        self._intake = Intake(settings, now=now)
        self._failures: deque[float] = deque(maxlen=_FAILURES)
        self._inbox: asyncio.Queue[AnyClientFrame] = asyncio.Queue(_WAITING_FRAMES)
        self._waiting = asyncio.Event()
        self._over = asyncio.Event()
        self._tasks: set[asyncio.Task[None]] = set()
        self._clock_moved = asyncio.Event()
        self._retry_after: float | None = None
        self._expires_at = float("inf")
        self._has_said_expiring = False

    @property
    def user(self) -> str:
        """Whose it is; nobody's while that is not known."""
        return "" if self._identity is None else self._identity.user

    @property
    def session(self) -> str:
        """Handle of the session that it stands on."""
        assert self._identity is not None
        return self._identity.session

    def close(self, code: CloseCode, *, retry_after: float | None = None) -> None:
        """Decide to close; the first decision stands."""
        if not self._lifecycle.is_over:
            self._retry_after = retry_after
        self._do(self._lifecycle.close(code, now=self._now()))

    def drain(self, *, reconnect_after: float) -> None:
        """Ask the client to open its next connection and leave this one."""
        if not self._lifecycle.is_over and self._lifecycle.state is not State.DRAINING:
            self._retry_after = reconnect_after
        self._do(self._lifecycle.handle(Signal.DRAIN, now=self._now()))
        self._clock_moved.set()

    def check_heads(self) -> None:
        """Look soon whether a followed log has moved unheard of."""
        if self._following is not None:
            self._following.check_heads()

    async def run(self) -> None:
        """Live until either side closes."""
        self._registry.greet(self, now=self._now())
        try:
            await self._run_tasks()
        except asyncio.CancelledError:
            # What had to be abandoned finds that it is over.
            self._do(self._lifecycle.handle(Signal.LOST, now=self._now()))
            raise
        finally:
            if self._following is not None:
                self._following.close()
            self._registry.remove(self)
        await self._say_goodbye()

    async def _run_tasks(self) -> None:
        for work in (self._read, self._handle, self._write, self._tick):
            self._spawn(work(), work.__name__)
        try:
            await self._over.wait()
        finally:
            tasks = tuple(self._tasks)
            for task in tasks:
                task.cancel()
            _, left = await asyncio.wait(tasks, timeout=_CLEAN_UP_WITHIN)
            if left:
                # Somebody else's authenticator may do that; this connection is over
                # all the same.
                _logger.error("connection %s: tasks do not end: %s", self.id, left)

    def _spawn(self, work: Coroutine[Any, Any, None], name: str) -> None:
        task = asyncio.create_task(work, name=f"{name}-{self.id}")
        self._tasks.add(task)
        task.add_done_callback(self._ended)

    def _ended(self, task: asyncio.Task[None]) -> None:
        """Take in that a task is done; one that failed ends the connection."""
        self._tasks.discard(task)
        if task.cancelled() or (error := task.exception()) is None:
            return
        if isinstance(error, PeerLostError):
            self._do(self._lifecycle.handle(Signal.LOST, now=self._now()))
        else:
            # The one place where whatever went wrong becomes a close code.
            _logger.error("connection %s failed", self.id, exc_info=error)
            self.close(CloseCode.BUG)
        self._over.set()

    async def _say_goodbye(self) -> None:
        code = self._lifecycle.close_code
        if self._lifecycle.state is State.CLOSED or code is None:
            self._transport.abort()
            return
        reason = CLOSE_RULES[code].meaning
        retry_after = self._retry_after
        if retry_after is None and code is CloseCode.UNAVAILABLE:
            retry_after = _UNAVAILABLE_FOR
        if retry_after is not None:
            reason = f"retry_after={retry_after:.3f} {reason}"
        try:
            async with asyncio.timeout(_CLOSE_WITHIN):
                if code not in _SAID_AT_ONCE:
                    while frames := self._outbox.take(now=self._now()):
                        for frame in frames:
                            await self._transport.send(frame)
                        self._outbox.left(now=self._now())
                await self._transport.close(code, reason[:120])
        except (TimeoutError, PeerLostError):
            self._transport.abort()

    # The reader.

    async def _read(self) -> None:
        while True:
            data = await self._transport.receive()
            now = self._now()
            self._lifecycle.heard(now=now)
            is_welcomed = self._lifecycle.is_welcomed
            taken = self._intake.take(data, now=now, is_welcomed=is_welcomed)
            if isinstance(taken, Refusal):
                if taken.frame is not None:
                    self._tell(taken.frame)
                if taken.code is not None:
                    self.close(taken.code, retry_after=taken.retry_after)
                    return
            elif taken is not None:
                await self._inbox.put(taken)

    # The handler.

    async def _handle(self) -> None:
        requests = await self._greet()
        while requests is not None:
            frame = await self._inbox.get()
            try:
                await requests.respond(frame)
            # One request's failure is not the connection's, unless they pile up.
            except Exception as error:  # noqa: BLE001
                self._fail(frame, error)

    def _fail(self, frame: AnyClientFrame, error: Exception) -> None:
        reference = new_id()[:8]
        _logger.error("connection %s, reference %s", self.id, reference, exc_info=error)
        self._put(
            ErrorFrame(
                code="internal",
                message="the server failed",
                id=request_id(frame),
                retryable=True,
                reference=reference,
            )
        )
        now = self._now()
        self._failures.append(now)
        if len(self._failures) == _FAILURES and (
            now - self._failures[0] <= _FAILURES_WITHIN
        ):
            self.close(CloseCode.TOO_MANY_FAILURES, retry_after=5.0)

    async def _greet(self) -> Requests | None:
        """Take the hello and answer it; return who answers what follows, if it does."""
        hello = await self._inbox.get()
        if not isinstance(hello, Hello):
            self._tell(
                ErrorFrame(code="bad_message", message="the first frame is hello")
            )
            self.close(CloseCode.BAD_MESSAGE)
            return None
        self._signal(Signal.GREETED)
        try:
            identity = await self._identify(hello)
        except AuthError as error:
            self._tell(ErrorFrame(code="authenticate", message=str(error)))
            self.close(CloseCode.AUTHENTICATE)
            return None
        # Whatever else goes wrong says nothing about who it is, now.
        except Exception as error:
            _logger.warning("who connects cannot be known: %s", error, exc_info=error)
            self.close(CloseCode.UNAVAILABLE)
            return None
        self._signal(Signal.IDENTIFIED)
        # The registry may have drained it on its way in.
        if self._lifecycle.is_over:
            return None
        try:
            return await self._welcome(hello, identity)
        except StorageError:
            self.close(CloseCode.UNAVAILABLE)
            return None

    async def _identify(self, hello: Hello) -> Identity:
        """Return who it is; from here on the registry knows the connection."""
        identity = await self._prove(hello)
        self._identity = identity
        # Whoever proves it may swallow a cancel and come back when nobody waits.
        if self._lifecycle.is_over:
            return identity
        self._registry.add(self, previous=hello.previous)
        # Only now: a session that ends later closes what is in the registry, one
        # that ended while the handshake was under way is found here.
        if not await self._authenticator.alive([identity.session]):
            raise AuthError("the session has ended")
        return identity

    async def _prove(self, hello: Hello) -> Identity:
        if hello.ticket is not None:
            identity = await self._authenticator.redeem_ticket(
                hello.ticket, self._origin
            )
            if self._identity is not None and identity.user != self._identity.user:
                raise AuthError("the ticket names somebody else")
            return identity
        if self._identity is None:
            raise AuthError("nobody is logged in")
        return self._identity

    async def _welcome(self, hello: Hello, identity: Identity) -> Requests | None:
        following = Following(
            identity.user,
            log=self._log,
            bus=self._bus,
            settings=self._settings,
            put=self._put_frame,
            put_entries=self._put_entries,
        )
        self._following = following
        mine = user_log(identity.user)
        await following.follow(mine, hello.cursors.get(mine))
        foreign = []
        for thread in dict.fromkeys(hello.threads):
            log = thread_log(thread)
            if not await following.follow(log, hello.cursors.get(log)):
                foreign.append(log)
        heads = await self._log.heads(following.logs)
        if self._lifecycle.is_over:
            return None
        self._signal(Signal.WELCOMED)
        expires_in = self._expire_at(identity)
        settings = self._settings
        self._put(
            Welcome(
                connection=self.id,
                user=Person(id=identity.user, name=identity.name),
                log=mine,
                cursors=dict(heads),
                heartbeat_every=settings.heartbeat_every,
                silent_after=settings.silent_after,
                limits=Limits(
                    frame_bytes=settings.frame_bytes,
                    message_bytes=settings.message_bytes,
                    frames_per_second=settings.frames_per_second,
                    frames_burst=settings.frames_burst,
                ),
                expires_in=expires_in,
                server_time=round(time.time(), 3),
            )
        )
        for log in foreign:
            self._put(Revoked(log=log))
        following.open()
        self._spawn(following.run(), "follow")
        return Requests(
            user=identity.user,
            device=hello.device,
            origin=self._origin,
            threads=self._threads,
            authenticator=self._authenticator,
            following=following,
            put=self._put,
            drop=self._outbox.drop_log,
            renew=self._renew,
        )

    def _renew(self, identity: Identity) -> float:
        self._identity = identity
        return self._expire_at(identity)

    def _expire_at(self, identity: Identity) -> float:
        expires_in = min(identity.expires_at - time.time(), _LONGEST_SESSION)
        self._expires_at = self._now() + expires_in
        self._has_said_expiring = False
        self._clock_moved.set()
        return round(expires_in, 3)

    # The writer.

    async def _write(self) -> None:
        while True:
            await self._waiting.wait()
            self._waiting.clear()
            # One by one, so that what leaves slowly counts as leaving.
            while frames := self._outbox.take(now=self._now(), max_bytes=1):
                for frame in frames:
                    try:
                        async with asyncio.timeout(self._settings.send_within):
                            await self._transport.send(frame)
                    except TimeoutError:
                        raise PeerLostError("a frame did not leave in time") from None
                self._outbox.left(now=self._now())
                self._tell_room()

    def _put(self, frame: ServerFrame) -> None:
        """Queue a frame for a client that was welcomed."""
        self._put_frame(encode_frame(frame))

    def _tell(self, frame: ServerFrame) -> None:
        """Queue a frame; before the welcome it leaves just before the close."""
        if self._lifecycle.is_welcomed:
            self._put(frame)
        else:
            self._outbox.put(encode_frame(frame), now=self._now())

    def _put_frame(self, frame: bytes) -> None:
        self._outbox.put(frame, now=self._now())
        self._relieve()

    def _put_entries(self, entries: Sequence[Entry]) -> None:
        self._outbox.put_entries(entries, now=self._now())
        self._relieve()

    def _relieve(self) -> None:
        self._waiting.set()
        if self._following is None:
            return
        relief = self._outbox.relieve(
            now=self._now(),
            is_on_screen=self._following.is_on_screen,
            in_transport=self._transport.buffered_bytes,
        )
        self._following.relieve(relief)
        self._tell_room()
        if relief.is_behind:
            self.close(CloseCode.BEHIND)

    def _tell_room(self) -> None:
        if self._following is not None:
            has_room = self._outbox.size < self._settings.merge_bytes
            self._following.has_room(has_room=has_room)

    # The clock.

    async def _tick(self) -> None:
        while True:
            deadlines = (self._lifecycle.deadline(), self._session_deadline())
            lag = await self._wait_until(min(d for d in deadlines if d is not None))
            # What the peer said while this process stood still has yet to be read.
            while lag > _LAG:
                forgiven = min(lag, _LAG_FORGIVEN)
                # While that is waited for, the peer is asked nothing either.
                self._lifecycle.stood_still(lag + forgiven)
                lag = await self._wait_until(self._now() + forgiven)
            self._do(self._lifecycle.tick(now=self._now()))
            if self._lifecycle.is_over:
                return
            self._check_session()

    async def _wait_until(self, when: float) -> float:
        """Wait, or less if the clock moved; return by how much it took too long."""
        when = max(when, self._now())
        self._clock_moved.clear()
        with contextlib.suppress(TimeoutError):
            async with asyncio.timeout(when - self._now()):
                await self._clock_moved.wait()
        return self._now() - when

    def _session_deadline(self) -> float | None:
        if not self._lifecycle.is_welcomed:
            return None
        if self._has_said_expiring:
            return self._expires_at + self._settings.expired_grace
        return self._expires_at - self._settings.expiring_before

    def _check_session(self) -> None:
        deadline = self._session_deadline()
        now = self._now()
        if deadline is None or now < deadline:
            return
        if self._has_said_expiring:
            self.close(CloseCode.AUTHENTICATE)
            return
        self._has_said_expiring = True
        self._put(Expiring(within=max(0.0, round(self._expires_at - now, 3))))

    def _signal(self, signal: Signal) -> None:
        # A close that was decided meanwhile ends whoever signals, in a moment.
        if self._lifecycle.is_over:
            return
        self._do(self._lifecycle.handle(signal, now=self._now()))
        self._clock_moved.set()

    def _do(self, effects: Sequence[Effect]) -> None:
        for effect in effects:
            match effect:
                case Effect.PING:
                    self._spawn(self._ping(), "ping")
                case Effect.ASK_TO_LEAVE:
                    self._ask_to_leave()
                case Effect.CLOSE | Effect.ABORT:
                    self._over.set()

    def _ask_to_leave(self) -> None:
        within = self._lifecycle.leave_by - self._now()
        if self._lifecycle.leaves_for_age:
            # Early, so that the new one is there well before this one must go.
            self._retry_after = random.uniform(0.0, within / 4)  # noqa: S311
        assert self._retry_after is not None
        self._put(
            Draining(
                within=round(within, 3),
                reconnect_after=round(self._retry_after, 3),
                reason="age" if self._lifecycle.leaves_for_age else "deploy",
            )
        )

    async def _ping(self) -> None:
        assert self._following is not None
        heads: Mapping[str, Cursor] = {}
        with contextlib.suppress(StorageError):
            heads = await self._log.heads(self._following.logs)
            self._following.heads(heads)
        self._put(Ping(heads=dict(heads)))
        try:
            alive = await self._authenticator.alive([self.session])
        # It cannot be known now; the next ping asks again.
        except Exception as error:  # noqa: BLE001
            _logger.warning("whether a session lives cannot be known: %s", error)
        else:
            if self.session not in alive:
                self.close(CloseCode.SESSION_ENDED)
