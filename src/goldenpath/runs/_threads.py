"""What people do with their threads: to the log first, then to whoever listens."""

from __future__ import annotations

import time
from collections.abc import Sequence
from typing import Any

import msgspec

from goldenpath._settings import Settings
from goldenpath.buses._base import Bus
from goldenpath.errors import RefusedError
from goldenpath.logs._base import Log, NewMessage, Posted, RunStatus
from goldenpath.protocol._events import RunEnded
from goldenpath.protocol._frames import ThreadSummary
from goldenpath.runs._emitter import EVENT_BYTES
from goldenpath.runs._supervisor import Supervisor

_TITLE_CHARACTERS = 60


class Threads:
    """Everything that a person may do, each bound to who they are.

    Args:
        log: The truth.
        bus: Hears of each append.
        supervisor: Executes what is queued.
        settings: How long a message may be, and how many may wait.
    """

    def __init__(
        self, *, log: Log, bus: Bus, supervisor: Supervisor, settings: Settings
    ) -> None:
        self._log = log
        self._bus = bus
        self._supervisor = supervisor
        self._settings = settings

    async def post(
        self,
        user: str,
        text: str,
        *,
        client_message_id: str,
        thread: str | None = None,
        device: str = "",
    ) -> Posted:
        """Send a message; the same again gives the same result.

        Raises:
            RefusedError: ``too_large``, ``bad_message``, ``not_found`` or
                ``rate_limited``.
        """
        most = self._settings.message_bytes
        if len(text.encode()) > most:
            raise RefusedError(
                "too_large",
                f"a message of {len(text.encode())} bytes; the limit is {most}",
            )
        if not text.strip():
            raise RefusedError("bad_message", "a message without text")
        # Of control characters the JSON is six times as long.
        _require_readable("a message", text)
        posted = await self._log.post(
            NewMessage(
                user=user,
                client_message_id=client_message_id,
                text=text,
                thread=thread,
                title=title_of(text),
                device=device,
                most_queued=self._settings.runs_queued_per_user,
            ),
            now=time.time(),
        )
        self._bus.publish(posted.hints)
        self._supervisor.wake()
        return posted

    async def retry(self, user: str, run: str) -> Posted:
        """Run a message again whose run did not complete."""
        posted = await self._log.retry(user, run, now=time.time())
        self._bus.publish(posted.hints)
        self._supervisor.wake()
        return posted

    async def cancel(
        self,
        user: str,
        *,
        run: str | None = None,
        client_message_id: str | None = None,
    ) -> RunStatus:
        """Stop a run, queued or under way."""
        status = await self._log.cancel(
            user, run=run, client_message_id=client_message_id, now=time.time()
        )
        self._bus.publish(status.hints)
        self._supervisor.cancel(status.run)
        self._supervisor.wake()
        return status

    async def answer(self, user: str, run: str, call: str, value: Any) -> RunStatus:
        """Answer a run's question.

        Raises:
            RefusedError: ``too_large``, ``not_found`` or ``conflict``.
        """
        _require_readable("an answer", value)
        status = await self._log.answer(user, run, call, value, now=time.time())
        self._bus.publish(status.hints)
        self._supervisor.answered(run, call, value)
        return status

    async def create(self, user: str, title: str = "") -> ThreadSummary:
        """Make a thread; without a title it takes one from its first message."""
        summary, hints = await self._log.create_thread(
            user, _clean(title), now=time.time()
        )
        self._bus.publish(hints)
        return summary

    async def rename(self, user: str, thread: str, title: str) -> ThreadSummary:
        """Give a thread another title.

        Raises:
            RefusedError: ``not_found``, or ``bad_message`` without a title.
        """
        title = _clean(title)
        if not title:
            raise RefusedError("bad_message", "a thread needs a title")
        summary, hints = await self._log.rename_thread(
            user, thread, title, now=time.time()
        )
        self._bus.publish(hints)
        return summary

    async def delete(self, user: str, thread: str) -> None:
        """Stop a thread's runs and remove it."""
        hints = await self._log.delete_thread(user, thread, now=time.time())
        self._bus.publish(hints)
        for entry in (entry for hint in hints for entry in hint.entries):
            if isinstance(entry.event, RunEnded):
                self._supervisor.cancel(entry.event.run)
        self._supervisor.wake()

    async def page(
        self, user: str, *, before: tuple[float, str] | None, limit: int
    ) -> tuple[Sequence[ThreadSummary], bool]:
        """Return threads, the last used first, and whether there are more."""
        return await self._log.threads(user, before=before, limit=limit)


def _require_readable(what: str, value: Any) -> None:
    """Refuse what would make an event that is too large for its readers."""
    size = len(msgspec.json.encode(value))
    if size > EVENT_BYTES:
        raise RefusedError(
            "too_large", f"{what} of {size} bytes as JSON; the limit is {EVENT_BYTES}"
        )


def title_of(text: str) -> str:
    """Return a title for a thread that begins with this message."""
    line = _clean(text)
    if len(line) < _TITLE_CHARACTERS:
        return line
    words = line[:_TITLE_CHARACTERS].rsplit(" ", 1)[0]
    return words.rstrip(".,;:!?") + "…"


def _clean(title: str) -> str:
    printable = "".join(c if c.isprintable() else " " for c in title[:400])
    return " ".join(printable.split())[:200]
