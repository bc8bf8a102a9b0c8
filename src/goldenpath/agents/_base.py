"""What an agent is, and what it is given.

An agent is an async generator function::

    async def agent(message: str, ctx: RunContext) -> AsyncIterator[str | Event]:
        yield "Hello"

**What it may yield.** A ``str`` is a piece of the answer, of any length; pieces
are gathered and numbered for it. An event is written as it is; the useful ones
have methods on the context, which are safer.

**What is promised.** The first event of the run (``agent_started``) and exactly
one last event are written by whoever runs the agent: returning is completion,
raising is failure. Events reach every device in the order in which they were
made, and survive the agent's process. An agent runs on, whatever connections do.

**What is not.** An agent is not run again by itself when its process dies: the
run ends as interrupted, and the person may retry. Side effects of tools may then
happen again; make them idempotent by ``ctx.message_key``.

**What an agent must do.** Await: a blocking call belongs in a thread. Let
``CancelledError`` pass: that is how a person's *stop* arrives. To tell the person
why it cannot answer, raise ``goldenpath.errors.AgentError``; any other exception
is shown to them as a reference number only.

Nothing here takes the name of a user, thread or run: a context is bound to one of
each when it is made, so that writing to somebody else cannot be expressed.
"""

from __future__ import annotations

import contextlib
import dataclasses
from collections.abc import AsyncIterator, Callable, Sequence
from typing import Any, Protocol

from goldenpath.protocol._events import Event
from goldenpath.protocol._frames import Person


@dataclasses.dataclass(frozen=True, slots=True)
class Turn:
    """One thing that was said earlier in the thread.

    Attributes:
        role: ``user`` or ``assistant``.
        text: What was said; an answer that was cut short holds what there was.
    """

    role: str
    text: str


class ToolCall(Protocol):
    """A tool call under way; see :meth:`RunContext.tool`."""

    result: Any
    """What the tool gave, as JSON; set it before leaving the block."""

    async def progress(self, fraction: float | None = None, *, text: str = "") -> None:
        """Tell how far it is: ``fraction`` from 0 to 1, ``text`` for the person."""


class RunContext(Protocol):
    """What an agent is given: one run of one thread of one user."""

    @property
    def user(self) -> Person:
        """Who asked."""

    @property
    def thread(self) -> str:
        """The thread's id."""

    @property
    def run(self) -> str:
        """The run's id; a retry is another run."""

    @property
    def message_key(self) -> str:
        """Names the message, and stays when it is run again: an idempotency key."""

    @property
    def history(self) -> Sequence[Turn]:
        """What was said in the thread before this message, oldest first."""

    @property
    def cancelled(self) -> bool:
        """Whether the person asked to stop; for code that polls in a thread."""

    async def think(self, text: str) -> None:
        """Show a piece of reasoning."""

    def tool(
        self, name: str, arguments: Any = None
    ) -> contextlib.AbstractAsyncContextManager[ToolCall]:
        """Run a tool: writes that it began, and however the block ends, its end.

        An exception that leaves the block goes on to the caller. The person reads
        the text of an ``AgentError``; of any other, only that the tool failed.
        """

    async def ask(self, question: str, *, choices: Sequence[str] = ()) -> Any:
        """Ask the person and wait for the answer, however long that takes."""

    def use(self, **amounts: int) -> None:
        """Add to what the run used, such as ``input_tokens=12``."""


Agent = Callable[[str, RunContext], AsyncIterator[str | Event]]
"""An agent: called with the message's text and the run's context."""


def agent_name(agent: Agent) -> str:
    """Return what people see: its ``name`` attribute, or the function's name."""
    name = getattr(agent, "name", None) or getattr(agent, "__name__", None)
    return str(name or type(agent).__name__)


def agent_note(agent: Agent) -> str:
    """Return what a person should know of it: its ``note`` attribute, or nothing."""
    return str(getattr(agent, "note", "") or "")
