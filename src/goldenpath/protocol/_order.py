"""The order of a run's events.

Rule 1: ``agent_started`` comes first, one end comes last.
Rule 2: each ``tool_executing`` has one ``tool_completed`` before
        ``agent_completed``; the other three ends close what is open.
Rule 3: a delta begins where its block ends.

The state belongs to the run, across batches, and is a value: a batch that was
refused leaves the state before it untouched.
"""

from __future__ import annotations

import dataclasses

from goldenpath.errors import OrderError
from goldenpath.protocol._events import (
    RUN_ENDS,
    AgentCancelled,
    AgentCompleted,
    AgentInterrupted,
    AgentStarted,
    AgentThinking,
    Event,
    InputReceived,
    InputRequested,
    TextDelta,
    ToolCompleted,
    ToolExecuting,
    ToolProgress,
    event_type,
    utf16_length,
)

_EMPTY: frozenset[str] = frozenset()


@dataclasses.dataclass(frozen=True, slots=True)
class RunOrder:
    """What a run's next event may be.

    Attributes:
        is_started: Whether ``agent_started`` was written.
        end: The state in which the run ended, or None.
        calls: Tool calls and questions ever begun; their names are used once.
        open_calls: Tool calls that have not ended.
        open_questions: Questions without an answer.
        text: Block and length of the text so far.
        thinking: The same for reasoning.
    """

    is_started: bool = False
    end: str | None = None
    calls: frozenset[str] = _EMPTY
    open_calls: frozenset[str] = _EMPTY
    open_questions: frozenset[str] = _EMPTY
    text: tuple[int, int] = (0, 0)
    thinking: tuple[int, int] = (0, 0)

    def after(self, event: Event) -> RunOrder:
        """Return the state after an event.

        Raises:
            OrderError: The event may not come now; it is named.
        """
        if self.end is not None:
            raise _refusal(event, f"the run has already {self.end}")
        if isinstance(event, AgentStarted):
            if self.is_started:
                raise _refusal(event, "the run has already begun")
            return dataclasses.replace(self, is_started=True)
        if not self.is_started and not isinstance(
            event, AgentCancelled | AgentInterrupted
        ):
            raise _refusal(event, "the run has not begun")
        if type(event) in RUN_ENDS:
            return self._ended(event)
        if isinstance(event, TextDelta):
            return dataclasses.replace(self, text=_grown(event, self.text))
        if isinstance(event, AgentThinking):
            return dataclasses.replace(self, thinking=_grown(event, self.thinking))
        return self._called(event)

    def _ended(self, event: Event) -> RunOrder:
        if isinstance(event, AgentCompleted) and (
            self.open_calls or self.open_questions
        ):
            still_open = sorted(self.open_calls | self.open_questions)
            raise _refusal(event, f"still open: {', '.join(still_open)}")
        return dataclasses.replace(self, end=RUN_ENDS[type(event)])

    def _called(self, event: Event) -> RunOrder:
        match event:
            case ToolExecuting(call=call) | InputRequested(call=call):
                if call in self.calls:
                    raise _refusal(event, f"call {call!r} was used before")
                begun = frozenset((call,))
                if isinstance(event, ToolExecuting):
                    return dataclasses.replace(
                        self,
                        calls=self.calls | begun,
                        open_calls=self.open_calls | begun,
                    )
                return dataclasses.replace(
                    self,
                    calls=self.calls | begun,
                    open_questions=self.open_questions | begun,
                )
            case ToolProgress(call=call) if call in self.open_calls:
                return self
            case ToolCompleted(call=call) if call in self.open_calls:
                return dataclasses.replace(self, open_calls=self.open_calls - {call})
            case InputReceived(call=call) if call in self.open_questions:
                return dataclasses.replace(
                    self, open_questions=self.open_questions - {call}
                )
            case ToolProgress(call=call) | ToolCompleted(call=call):
                raise _refusal(event, f"call {call!r} is not open")
            case InputReceived(call=call):
                raise _refusal(event, f"question {call!r} is not open")
            case _:
                raise _refusal(event, "it is not an event of a run")


def _grown(
    event: TextDelta | AgentThinking, reached: tuple[int, int]
) -> tuple[int, int]:
    block, length = reached
    if event.block == block and event.offset == length:
        return block, length + utf16_length(event.text)
    if event.block == block + 1 and event.offset == 0:
        return event.block, utf16_length(event.text)
    raise _refusal(
        event,
        f"block {event.block} offset {event.offset} does not continue "
        f"block {block} at {length}",
    )


def _refusal(event: Event, why: str) -> OrderError:
    return OrderError(f"{event_type(event)} cannot come now: {why}")
