"""What a person's frames ask for, carried out for exactly that person."""

from __future__ import annotations

import logging
from collections.abc import Callable

from goldenpath.auth._identity import Authenticator, Identity
from goldenpath.connections._following import Following
from goldenpath.connections._intake import request_id
from goldenpath.errors import (
    AuthError,
    RefusedError,
    RemoteProtocolError,
    StorageError,
)
from goldenpath.protocol._cursor import thread_log
from goldenpath.protocol._frames import (
    FOLLOWED_THREADS,
    Acknowledge,
    Answer,
    AnyClientFrame,
    Authenticate,
    Cancel,
    ErrorFrame,
    Hello,
    Pong,
    Result,
    Resume,
    Retry,
    Send,
    ServerFrame,
    Subscribe,
    Unsubscribe,
)
from goldenpath.runs._threads import Threads

_logger = logging.getLogger(__name__)


class Requests:
    """Answers one client's requests, one after the other.

    Args:
        user: Who the connection was found to belong to; no frame says that.
        device: Which of their devices.
        origin: The page that opened the connection, for checking tickets.
        threads: Does what the person asks for.
        authenticator: Redeems tickets.
        following: The logs that the connection follows.
        put: Takes a frame for the outbox.
        drop: Forgets what the outbox holds of a log.
        renew: Takes a newer identity and returns the seconds until it ends.
    """

    def __init__(
        self,
        *,
        user: str,
        device: str,
        origin: str | None,
        threads: Threads,
        authenticator: Authenticator,
        following: Following,
        put: Callable[[ServerFrame], None],
        drop: Callable[[str], None],
        renew: Callable[[Identity], float],
    ) -> None:
        self._user = user
        self._device = device
        self._origin = origin
        self._threads = threads
        self._authenticator = authenticator
        self._following = following
        self._put = put
        self._drop = drop
        self._renew = renew

    async def respond(self, frame: AnyClientFrame) -> None:
        """Do what a frame asks for and tell, or tell why it is not done."""
        asked = request_id(frame)
        try:
            await self._do(frame)
        except RefusedError as error:
            self._put(
                ErrorFrame(
                    code=error.code,
                    message=str(error),
                    id=asked,
                    retryable=error.retryable,
                    retry_after=error.retry_after,
                )
            )
        except RemoteProtocolError as error:
            self._put(ErrorFrame(code=error.code, message=str(error), id=asked))
        except StorageError as error:
            _logger.warning("a request of %s: %s", self._user, error)
            self._put(
                ErrorFrame(
                    code="unavailable",
                    message="this cannot be stored right now",
                    id=asked,
                    retryable=True,
                    retry_after=1.0,
                )
            )

    async def _do(self, frame: AnyClientFrame) -> None:
        match frame:
            case Subscribe():
                await self._subscribe(frame)
            case Unsubscribe():
                self._following.unfollow(thread_log(frame.thread))
                self._drop(thread_log(frame.thread))
                self._put(Result(id=frame.id, thread=frame.thread))
            case Resume():
                self._resume(frame)
            case Authenticate():
                await self._authenticate(frame)
            case Hello():
                raise RemoteProtocolError("bad_message", "hello was said already")
            case Pong() | Acknowledge():
                pass
            case _:
                self._put(await self._carry_out(frame))

    async def _subscribe(self, frame: Subscribe) -> None:
        log = thread_log(frame.thread)
        followed = self._following.logs
        # The user's own log is among them.
        if log not in followed and len(followed) > FOLLOWED_THREADS:
            raise RefusedError(
                "conflict",
                f"a connection follows {FOLLOWED_THREADS} threads at most: "
                "unsubscribe from one",
            )
        may_read = await self._following.follow(
            log, frame.cursor, is_summary=frame.detail == "summary"
        )
        if not may_read:
            raise RefusedError("not_found", f"no thread {frame.thread[:40]!r}")
        # The result comes first: what follows is of a thread that is known.
        self._put(Result(id=frame.id, thread=frame.thread))
        self._drop(log)

    def _resume(self, frame: Resume) -> None:
        if frame.log not in self._following.logs:
            raise RefusedError("not_found", f"{frame.log[:60]!r} is not followed")
        self._drop(frame.log)
        self._following.resume(frame.log, frame.cursor)

    async def _authenticate(self, frame: Authenticate) -> None:
        try:
            identity = await self._authenticator.redeem_ticket(
                frame.ticket, self._origin
            )
        except AuthError as error:
            raise RefusedError("authenticate", str(error)) from error
        if identity.user != self._user:
            raise RefusedError("forbidden", "the ticket names somebody else")
        self._put(Result(id=frame.id, expires_in=self._renew(identity)))

    async def _carry_out(self, request: Send | Cancel | Retry | Answer) -> Result:
        match request:
            case Send():
                posted = await self._threads.post(
                    self._user,
                    request.text,
                    client_message_id=request.client_message_id,
                    thread=request.thread,
                    device=self._device,
                )
            case Retry():
                posted = await self._threads.retry(self._user, request.run)
            case Cancel():
                return await self._cancel(request)
            case Answer():
                status = await self._threads.answer(
                    self._user, request.run, request.call, request.value
                )
                return Result(id=request.id, thread=status.thread, run=status.run)
        return Result(
            id=request.id,
            thread=posted.thread,
            run=posted.run,
            number=posted.number,
            client_message_id=posted.client_message_id,
        )

    async def _cancel(self, request: Cancel) -> Result:
        if request.run is None and request.client_message_id is None:
            raise RemoteProtocolError(
                "bad_message",
                "a cancel names a run or a client_message_id",
            )
        status = await self._threads.cancel(
            self._user,
            run=request.run,
            client_message_id=request.client_message_id,
        )
        return Result(id=request.id, thread=status.thread, run=status.run)
