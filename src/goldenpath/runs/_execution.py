"""One run: from its lease to its one end."""

from __future__ import annotations

import asyncio
import enum
import hashlib
import logging
import time
from collections.abc import (
    AsyncGenerator,
    AsyncIterable,
    Awaitable,
    Callable,
    Collection,
    Coroutine,
    Sequence,
)
from typing import Any

import msgspec

from goldenpath._ids import new_id
from goldenpath._settings import Settings
from goldenpath.agents._base import Agent, Turn, agent_name, agent_note
from goldenpath.buses._base import Bus
from goldenpath.errors import AgentError, FencedError, OrderError, StorageError
from goldenpath.logs._base import LeasedRun, Log
from goldenpath.protocol._cursor import thread_log
from goldenpath.protocol._events import (
    AgentCancelled,
    AgentCompleted,
    AgentFailed,
    AgentInterrupted,
    AgentStarted,
    Event,
    utf16_length,
)
from goldenpath.protocol._frames import Person
from goldenpath.protocol._transcript import MessageItem, Transcript, answer_text
from goldenpath.runs._coalescer import Coalescer
from goldenpath.runs._context import RunningContext, sound
from goldenpath.runs._emitter import Emitter

_logger = logging.getLogger(__name__)

_HISTORY_BYTES = 512 * 1024
# An end that cannot be written is tried again: nothing else may end this run.
_END_AGAIN_AFTER = 0.5
# While a person is asked, the deadline moves; it is looked at no more often.
_LOOK_AGAIN_AFTER = 0.05
_SHOWN_CHARACTERS = 4000


class _Wish(enum.Enum):
    """Why somebody outside wants the run to end."""

    CANCEL = "cancel"
    INTERRUPT = "interrupt"


class Execution:
    """Executes one leased run.

    Args:
        leased: The run.
        log: Where its events go.
        bus: Hears of each append.
        agent: Answers.
        settings: Times and sizes.
        who: Tells a user's name by their id.
    """

    def __init__(
        self,
        leased: LeasedRun,
        *,
        log: Log,
        bus: Bus,
        agent: Agent,
        settings: Settings,
        who: Callable[[str], Awaitable[Person]],
    ) -> None:
        self._leased = leased
        self._log = log
        self._bus = bus
        self._agent = agent
        self._settings = settings
        self._who = who
        self._emitter = Emitter(
            self._append,
            Coalescer(every=settings.delta_every, max_bytes=settings.delta_bytes),
            most_bytes=settings.run_bytes,
        )
        self._context: RunningContext | None = None
        self._wish: _Wish | None = None
        self._wished = asyncio.Event()
        self._began = 0.0
        self._is_started = False

    @property
    def run(self) -> str:
        """The run's id."""
        return self._leased.run

    def cancel(self) -> None:
        """Stop, because the person asked for it."""
        self._wish_for(_Wish.CANCEL)

    def interrupt(self) -> None:
        """Stop, because this process stops."""
        self._wish_for(_Wish.INTERRUPT)

    def answered(self, call: str, value: Any) -> None:
        """Hand a person's answer to the agent."""
        if self._context is not None:
            self._context.answered(call, value)

    async def execute(self) -> None:
        """Write the first event, run the agent, write the last event.

        A run that is interrupted before its first event is given back instead.
        """
        if self._wish is _Wish.INTERRUPT:
            await self._release()
            return
        self._began = asyncio.get_running_loop().time()
        started = AgentStarted(
            agent=agent_name(self._agent),
            message=self._leased.message,
            note=agent_note(self._agent),
        )
        try:
            await self._append([started])
            self._is_started = True
            self._context = RunningContext(
                self._leased,
                user=await self._who(self._leased.user),
                history=await self._history(),
                emitter=self._emitter,
                tool_result_bytes=self._settings.tool_result_bytes,
            )
            end = await self._supervise(self._context)
        except FencedError:
            return  # somebody else ended it; nothing may be written any more
        except StorageError as error:
            _logger.warning("run %s lost its storage: %s", self.run, error)
            text = "The answer could not be stored"
            end = AgentFailed(code="unavailable", text=text, retryable=True)
        # Whoever tells names, or a bug of ours: a run ends in any case.
        except Exception as error:  # noqa: BLE001
            end = self._failed(error)
        await self._end(end)

    async def _release(self) -> None:
        try:
            self._bus.publish(await self._log.release(self._leased, now=time.time()))
        except (FencedError, StorageError) as error:
            _logger.warning("run %s was not given back: %s", self.run, error)

    async def _supervise(self, context: RunningContext) -> Event:
        """Run the agent and return the event that ends the run."""
        talk = asyncio.create_task(self._talk(context), name=f"agent-{self.run}")
        pump = asyncio.create_task(self._emitter.pump())
        wished = asyncio.create_task(self._wished.wait())
        try:
            is_late = await self._is_late({talk, pump, wished}, context)
            if not talk.done():
                await self._silence(talk, context)
        finally:
            talk.cancel()
            wished.cancel()
            # Not cancelled: an append under way would leave its events in doubt.
            self._emitter.stop()
            await asyncio.gather(pump, wished, return_exceptions=True)
        if talk.done() and not talk.cancelled():
            talk.exception()  # the outcome looks at it, unless the pump says why
        pump.result()
        await self._emitter.finish()
        return self._outcome(talk, context, is_late=is_late)

    async def _is_late(
        self, tasks: Collection[asyncio.Task[Any]], context: RunningContext
    ) -> bool:
        """Wait until one of them is done, or tell that it takes too long."""
        loop = asyncio.get_running_loop()
        while True:
            now = loop.time()
            # A person may take as long as they like to answer.
            deadline = self._began + self._settings.run_within
            left = deadline + context.asked_for(now=now) - now
            if left <= 0:
                return True
            done, _ = await asyncio.wait(
                tasks,
                timeout=max(left, _LOOK_AGAIN_AFTER),
                return_when=asyncio.FIRST_COMPLETED,
            )
            if done:
                return False

    async def _talk(self, context: RunningContext) -> None:
        stream = self._agent(self._leased.text, context)
        if not isinstance(stream, AsyncIterable):
            if isinstance(stream, Coroutine):
                stream.close()
            raise OrderError("an agent is an async generator function: it must yield")
        try:
            async for said in stream:
                if isinstance(said, str):
                    await self._emitter.say(said)
                elif isinstance(said, Event):
                    await self._emitter.emit(said)
                else:
                    raise OrderError(
                        f"an agent yields text or events, not {said!r:.80}"
                    )
        finally:
            # A generator has cleaning up to do, and it is done here and now.
            if isinstance(stream, AsyncGenerator):
                await stream.aclose()

    async def _silence(self, talk: asyncio.Task[None], context: RunningContext) -> None:
        """Stop an agent, and go on without one that does not listen."""
        context.cancelled = True
        talk.cancel()
        await asyncio.wait({talk}, timeout=self._settings.cancel_within)
        if not talk.done():
            _logger.error("the agent of run %s ignores its cancel", self.run)
            # Whatever it makes of that one day is nobody's business any more.
            talk.add_done_callback(lambda task: task.cancelled() or task.exception())

    def _outcome(
        self, talk: asyncio.Task[None], context: RunningContext, *, is_late: bool
    ) -> Event:
        # An agent that was stopped may return as if it had said all.
        if not context.cancelled:
            error = asyncio.CancelledError() if talk.cancelled() else talk.exception()
            return self._completed(context) if error is None else self._failed(error)
        if is_late:
            return AgentFailed(
                code="deadline",
                text=f"No answer within {self._settings.run_within:.0f} s",
                retryable=True,
            )
        if self._wish is _Wish.INTERRUPT:
            return AgentInterrupted()
        return AgentCancelled()

    def _completed(self, context: RunningContext) -> Event:
        duration = round(asyncio.get_running_loop().time() - self._began, 3)
        try:
            self._emitter.may_complete()
        except OrderError as error:
            return self._failed(error)
        text = self._emitter.text
        is_long = len(msgspec.json.encode(text)) > self._settings.final_text_bytes
        return AgentCompleted(
            text=None if is_long else text,
            length=utf16_length(text),
            sha256=hashlib.sha256(text.encode()).hexdigest() if is_long else None,
            duration=duration,
            usage=context.used,
        )

    def _failed(self, error: BaseException) -> AgentFailed:
        if isinstance(error, FencedError | StorageError):
            raise error
        if isinstance(error, AgentError):
            return AgentFailed(
                code="agent_error",
                text=sound(str(error))[:_SHOWN_CHARACTERS],
                retryable=bool(error.retryable),
            )
        reference = new_id()[:8]
        _logger.error(
            "the agent of run %s failed, reference %s",
            self.run,
            reference,
            exc_info=error,
        )
        is_order = isinstance(error, OrderError)
        return AgentFailed(
            code="order" if is_order else "agent_error",
            text="The agent failed",
            retryable=not is_order,
            reference=reference,
        )

    async def _end(self, end: Event) -> None:
        """Write the last event; whatever happens, there is one."""
        if not self._is_started:
            # Nothing else may come before the first event.
            end = AgentInterrupted(
                text="The answer could not begin", message=self._leased.message
            )
        while True:
            try:
                await self._append([end])
            except FencedError:
                return
            except StorageError as error:
                _logger.warning("run %s cannot end yet: %s", self.run, error)
                if self._wish is _Wish.INTERRUPT:
                    return  # the next start ends it
                await asyncio.sleep(_END_AGAIN_AFTER)
            except Exception as error:
                if isinstance(end, AgentInterrupted):
                    raise
                self._failed(error)
                end = AgentInterrupted(text="The answer could not be ended properly")
            else:
                return

    async def _append(self, events: Sequence[Event]) -> None:
        hints = await self._log.append(self._leased, events, now=time.time())
        self._bus.publish(hints)

    async def _history(self) -> list[Turn]:
        """Return what was said before the message.

        Answers that came after it, to messages before it, are part of that: a
        message may have waited for them in the queue.
        """
        log, message = thread_log(self._leased.thread), self._leased.message
        page = await self._log.tail(log, max_bytes=_HISTORY_BYTES)
        if page.entries and page.entries[0].number > message:
            # A message of long ago that is run again.
            page = await self._log.tail(log, max_bytes=_HISTORY_BYTES, before=message)
        transcript = Transcript()
        for entry in page.entries:
            transcript.add(
                entry.event,
                number=entry.number,
                time=entry.decoded.time,
                run=entry.run,
            )
        turns: dict[tuple[int, str], Turn] = {}
        for item in transcript.items:
            if isinstance(item, MessageItem):
                turns[item.number, "asked"] = Turn("user", item.text)
            elif text := answer_text(item):
                # Of several answers to one message, the last.
                turns[item.message, "then"] = Turn("assistant", text)
        return [turns[place] for place in sorted(turns) if place[0] < message]

    def _wish_for(self, wish: _Wish) -> None:
        if self._wish is None:
            self._wish = wish
            self._wished.set()
