"""What a log promises, whatever keeps it.

**Numbers.** The events of one log are numbered 1, 2, 3 … without a gap, and a
number is never used twice within an epoch. Whoever reads after a cursor gets every
event that was there when the read was asked for, in order.

**Durability.** When a coroutine that writes returns, what it wrote survives a kill
of the process and of the machine. When it raises, nothing was changed, with one
exception: a :class:`~goldenpath.errors.StorageError` may also mean that the answer
was lost after the commit. Then repeat the call: ``post`` is idempotent by
(user, client_message_id), for ever, and the others by their nature.

**Together or not at all.** A message, its queued run, a new thread and what the
user log says of them are one transaction; so are a run's last event, its state and
the user log's entry.

**Fencing.** Only the holder of a run's present token can append to it; anybody
else gets :class:`~goldenpath.errors.FencedError` and must stop at once. The order of
a run's events is checked here, across batches. A run ends once.

**Who may.** Calls made for a person take the user's id and answer about foreign
threads and runs as about those that do not exist: ``not_found``.

**Not promised.** That anybody hears of it. Each write returns hints; handing them
to the bus is up to the caller, and losing them loses nothing.

Times (``now``) are seconds since 1970 and serve people; nothing is decided by them.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Protocol

from goldenpath.protocol._cursor import Cursor
from goldenpath.protocol._entries import Hint, Page
from goldenpath.protocol._events import Event
from goldenpath.protocol._frames import ThreadSummary

Hints = tuple[Hint, ...]


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class NewMessage:
    """What a person sends.

    Attributes:
        user: Who.
        client_message_id: The name that their device gave the message.
        text: What they wrote.
        thread: Where; None makes a new thread.
        title: The title of a thread that has none.
        device: Which of their devices.
        most_queued: Refuse it if so many of the user's runs wait already.
    """

    user: str
    client_message_id: str
    text: str
    thread: str | None = None
    title: str = ""
    device: str = ""
    most_queued: int | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Posted:
    """Where a message is, and which run answers it.

    Attributes:
        thread: The thread.
        run: The run.
        number: The message's number in the thread's log.
        client_message_id: The message's name.
        is_duplicate: Whether it was there before.
        hints: For the bus.
    """

    thread: str
    run: str
    number: int
    client_message_id: str
    is_duplicate: bool = False
    hints: Hints = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class LeasedRun:
    """A run that the caller may execute, for as long as its token is the newest.

    Attributes:
        run: The run's id.
        thread: Its thread.
        user: Whose it is.
        token: The fencing token.
        message: Number of the message that it answers.
        text: And what it says.
        hints: For the bus.
    """

    run: str
    thread: str
    user: str
    token: int
    message: int
    text: str = ""
    hints: Hints = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class RunStatus:
    """How a run stands.

    Attributes:
        run: The run's id.
        thread: Its thread.
        state: queued, running, completed, failed, cancelled or interrupted.
        owner: The process that executes it, if any.
        hints: For the bus.
    """

    run: str
    thread: str
    state: str
    owner: str = ""
    hints: Hints = ()


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Owner:
    """A process that executes runs.

    Attributes:
        id: Its name.
        boot: The boot id of its machine.
        pid: Its process id there.
        started: When the process began, in the machine's own count.
        beats: Grows while it is alive.
    """

    id: str
    boot: str = ""
    pid: int = 0
    started: str = ""
    beats: int = 0


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Overview:
    """A user's newest threads, and where their user log stood at that moment."""

    cursor: Cursor
    incarnation: str
    threads: tuple[ThreadSummary, ...]
    more: bool


class Log(Protocol):
    """All logs of one store; the module says what is promised."""

    @property
    def incarnation(self) -> str:
        """The present start of the store; a new random one each time."""

    async def start(self) -> None:
        """Make ready to be used; call once, before all else."""

    # For people.

    async def post(self, message: NewMessage, *, now: float) -> Posted:
        """Append a person's message and queue a run that answers it.

        Raises:
            RefusedError: ``not_found``: no such thread of theirs; ``rate_limited``:
                too many of their runs wait. One that is there already is neither.
        """

    async def retry(self, user: str, run: str, *, now: float) -> Posted:
        """Queue another run for the message of a run that did not complete.

        Raises:
            RefusedError: ``not_found``; ``conflict`` if it completed.
        """

    async def cancel(
        self,
        user: str,
        *,
        run: str | None = None,
        client_message_id: str | None = None,
        now: float,
    ) -> RunStatus:
        """End a queued run, or ask for the end of one under way.

        Raises:
            RefusedError: ``not_found``.
        """

    async def answer(
        self, user: str, run: str, call: str, value: Any, *, now: float
    ) -> RunStatus:
        """Append a person's answer to a run's question; the first answer counts.

        Raises:
            RefusedError: ``not_found``; ``conflict`` if it is not open.
        """

    async def create_thread(
        self, user: str, title: str, *, now: float
    ) -> tuple[ThreadSummary, Hints]:
        """Make a thread without messages."""

    async def rename_thread(
        self, user: str, thread: str, title: str, *, now: float
    ) -> tuple[ThreadSummary, Hints]:
        """Give a thread another title.

        Raises:
            RefusedError: ``not_found``.
        """

    async def delete_thread(self, user: str, thread: str, *, now: float) -> Hints:
        """Cancel a thread's runs and remove it with its events.

        Idempotency keys stay: a late copy of a message does not bring it back.

        Raises:
            RefusedError: ``not_found``.
        """

    async def threads(
        self, user: str, *, before: tuple[float, str] | None, limit: int
    ) -> tuple[Sequence[ThreadSummary], bool]:
        """Return threads, the last used first, and whether there are more.

        Args:
            user: Whose.
            before: Only those after this (updated_at, id) in that order.
            limit: How many at most.
        """

    async def may_read(self, user: str, log: str) -> bool:
        """Tell whether a user may read a log."""

    # Reading.

    async def read(self, log: str, cursor: Cursor, *, limit: int) -> Page:
        """Return up to about ``limit`` entries after a cursor.

        The page is invalid if the cursor names no place in this log.
        """

    async def tail(
        self, log: str, *, max_bytes: int, before: int | None = None
    ) -> Page:
        """Return the newest entries that fit, of those before a number if given.

        At least one is returned if there is one.
        """

    async def overview(self, user: str, *, limit: int) -> Overview:
        """Return a user's newest threads together with their user log's head."""

    async def heads(self, logs: Iterable[str]) -> Mapping[str, Cursor]:
        """Return where each log's head is."""

    async def record(self, log: str, events: Sequence[Event], *, now: float) -> Hints:
        """Append events that belong to no run, such as ``session_revoked``."""

    # For whoever executes runs.

    async def lease(
        self, owner: Owner, *, limit: int, per_user: int | None = None, now: float
    ) -> Sequence[LeasedRun]:
        """Take queued runs, one at a time of each thread.

        Users take turns: whoever has fewer runs under way comes first, then the
        older run. Of one user, at most ``per_user`` are under way.
        """

    async def leased(self, owner: Owner) -> Sequence[LeasedRun]:
        """Return the running runs of a process, without hints.

        Ask after a ``lease`` that failed: it may have taken runs all the same.
        """

    async def release(self, leased: LeasedRun, *, now: float) -> Hints:
        """Give a run back that has not begun; it is queued again, in its old place.

        Raises:
            FencedError: It ended, or is somebody else's by now.
            OrderError: It has begun.
        """

    async def append(
        self, leased: LeasedRun, events: Sequence[Event], *, now: float
    ) -> Hints:
        """Append events of a run; the last may be its end.

        Raises:
            FencedError: The run ended, or is somebody else's by now.
            OrderError: An event may not come there; none was appended.
        """

    async def cancel_requested(self, owner: Owner) -> Sequence[str]:
        """Return the running runs of a process that were asked to stop."""

    async def beat(self, owner: Owner) -> None:
        """Say that a process is alive."""

    async def owners(self) -> Sequence[Owner]:
        """Return the processes that have, or may have, running runs."""

    async def interrupt(self, owner: str, *, now: float) -> Hints:
        """End all running runs of a process that is gone, as interrupted."""
