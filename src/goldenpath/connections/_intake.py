"""What a client sends, before anybody acts on it: rate, size, depth, shape. Pure."""

from __future__ import annotations

import dataclasses

from goldenpath._settings import Settings
from goldenpath.errors import RemoteProtocolError
from goldenpath.protocol._close_codes import CloseCode
from goldenpath.protocol._codec import decode_client_frame, request_of
from goldenpath.protocol._frames import Acknowledge, AnyClientFrame, ErrorFrame, Pong
from goldenpath.protocol._rate import TokenBucket

# Frames beyond the rate are refused one by one. So many more than the rate itself
# would allow end the connection: an answer to each would cost more than reading it.
_REFUSALS = 100


@dataclasses.dataclass(frozen=True, slots=True)
class Refusal:
    """What becomes of a message that is not taken.

    Attributes:
        frame: What the client is told.
        code: Why the connection is closed over it, if it is.
        retry_after: Seconds that the client should stay away.
    """

    frame: ErrorFrame | None = None
    code: CloseCode | None = None
    retry_after: float | None = None


class Intake:
    """Decide which messages of one client become frames to act on.

    Args:
        settings: Sizes and rates.
        now: Seconds on any clock that never goes back.
    """

    def __init__(self, settings: Settings, *, now: float) -> None:
        self._settings = settings
        self._rate = TokenBucket(
            rate=settings.frames_per_second, burst=settings.frames_burst, now=now
        )
        self._refusals = TokenBucket(
            rate=settings.frames_per_second, burst=_REFUSALS, now=now
        )
        self._is_first = True
        self._early_frames = 0
        self._early_bytes = 0

    def take(
        self, data: str | bytes, *, now: float, is_welcomed: bool
    ) -> AnyClientFrame | Refusal | None:
        """Return a message's frame, why it is refused, or None if it asks nothing."""
        settings = self._settings
        most = settings.hello_bytes if self._is_first else settings.frame_bytes
        if wait := self._rate.take(now=now):
            # Nothing but which request it is: the rest may be made to cost much.
            request = request_of(data) if len(data) <= most else None
            return self._too_many(wait, request, now=now, is_welcomed=is_welcomed)
        try:
            frame = decode_client_frame(
                data, max_bytes=most, max_depth=settings.frame_depth
            )
        except RemoteProtocolError as error:
            return _refused(error, is_welcomed=is_welcomed)
        self._is_first = False
        if isinstance(frame, Pong | Acknowledge):
            return None  # that something was heard is all there is to it
        if not is_welcomed and not self._may_wait(data):
            return Refusal(code=CloseCode.RATE, retry_after=1.0)
        return frame

    def _may_wait(self, data: str | bytes) -> bool:
        """Count what comes before the welcome; the hello itself is free."""
        self._early_frames += 1
        self._early_bytes += len(data)
        return (
            self._early_frames <= 1 + self._settings.early_frames
            and self._early_bytes
            <= self._settings.early_bytes + self._settings.hello_bytes
        )

    def _too_many(
        self, wait: float, request: str | None, *, now: float, is_welcomed: bool
    ) -> Refusal:
        if self._refusals.take(now=now) or not is_welcomed:
            return Refusal(code=CloseCode.RATE, retry_after=round(wait + 1.0, 3))
        return Refusal(
            ErrorFrame(
                code="rate_limited",
                message="too many frames",
                id=request,
                retryable=True,
                retry_after=round(wait, 3),
            )
        )


def _refused(error: RemoteProtocolError, *, is_welcomed: bool) -> Refusal:
    if error.code == "too_large":
        return Refusal(code=CloseCode.TOO_LARGE)
    frame = ErrorFrame(code=error.code, message=str(error), id=error.request)
    return Refusal(frame, code=None if is_welcomed else CloseCode.BAD_MESSAGE)


def request_id(frame: AnyClientFrame) -> str | None:
    """Return the ``id`` that the answer to a frame has to name, if it has one."""
    return getattr(frame, "id", None)
