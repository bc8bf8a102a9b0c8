"""``goldenpath chat``: the golden path in a terminal."""

from __future__ import annotations

import asyncio
import contextlib
import sys
from collections.abc import AsyncIterator
from typing import Annotated

import cyclopts
from rich.console import Console
from rich.markup import escape

from goldenpath.cli._parameters import PasswordStdin, read_password
from goldenpath.client._client import Client
from goldenpath.client._http import HTTPClient
from goldenpath.protocol._events import (
    AgentCancelled,
    AgentCompleted,
    AgentFailed,
    AgentInterrupted,
    AgentStarted,
    AgentThinking,
    InputRequested,
    TextDelta,
    ToolCompleted,
    ToolExecuting,
    ToolProgress,
)
from goldenpath.protocol._frames import (
    AnyServerFrame,
    EventFrame,
    Result,
    Snapshot,
    Welcome,
)

_SHOWN_CHARACTERS = 300


def chat(
    url: str,
    *,
    user: str,
    password_stdin: PasswordStdin = False,
    message: Annotated[
        tuple[str, ...],
        cyclopts.Parameter(negative=""),
    ] = (),
) -> int:
    """Talk to an agent in a terminal, and watch it work.

    An empty line leaves; Ctrl+C stops the answer under way and leaves. If the agent
    asks something, the next line is the answer.

    Args:
        url: Where the server is, such as http://127.0.0.1:8000.
        user: Who logs in.
        password_stdin: Read the password from standard input.
        message: Send this and leave; may be given several times.
    """
    password = read_password(from_stdin=password_stdin)
    try:
        return asyncio.run(_chat(url, user, password, message))
    except KeyboardInterrupt:
        return 0


async def _chat(url: str, user: str, password: str, messages: tuple[str, ...]) -> int:
    console = Console(highlight=False)
    screen = _Screen(console)
    async with HTTPClient(url) as http:
        await http.login(user, password)
        async with Client(http, heard=screen.show) as client:
            await client.wait_live()
            thread: str | None = None
            is_completed = True
            lines = _messages(messages)
            async for text in lines:
                sent = await client.send(text, thread=thread)
                thread = sent.thread
                try:
                    state = await _see_to_the_end(client, sent, lines)
                except asyncio.CancelledError:
                    await client.cancel(run=sent.run)
                    raise
                is_completed = state == "completed"
            await http.logout()
    return 0 if is_completed else 1


async def _see_to_the_end(
    client: Client, sent: Result, lines: AsyncIterator[str]
) -> str:
    """Wait for a run's end and return its state; the next line answers a question."""
    assert sent.thread is not None
    assert sent.run is not None
    thread, run = sent.thread, sent.run

    def asked() -> str | None:
        return client.replica(thread).transcript.open_question(run)

    while True:
        await client.wait_for(
            lambda: (
                asked() is not None
                or client.replica(thread).transcript.state_of(run)
                not in (None, "running")
            )
        )
        call = asked()
        if call is None:
            return client.replica(thread).transcript.state_of(run) or ""
        async for value in lines:
            await client.answer(run, call, value)
            break
        else:
            await client.cancel(run=run)
        await client.wait_for(lambda call=call: asked() != call)  # type: ignore[misc]


async def _messages(given: tuple[str, ...]) -> AsyncIterator[str]:
    for text in given:
        yield text
    while not given:
        if sys.stdin.isatty():
            print("> ", end="", flush=True)
        line = await asyncio.to_thread(sys.stdin.readline)
        if not line.strip():
            return
        yield line.strip()


class _Screen:
    """Shows events as they come."""

    def __init__(self, console: Console) -> None:
        self._console = console
        self._piece_of: type | None = None
        self._shown: dict[str, int] = {}

    def show(self, frame: AnyServerFrame) -> None:
        """Show a frame, if there is anything to see."""
        match frame:
            case Welcome():
                self._line(f"[dim]connected as {escape(frame.user.name)}[/dim]")
            case EventFrame():
                self._event(frame)
            case Snapshot():
                for event in frame.state.events:
                    self._event(event)
            case _:
                pass

    def _event(self, frame: EventFrame) -> None:
        # A snapshot after a reconnect repeats what was shown.
        if frame.number <= self._shown.get(frame.log, 0):
            return
        self._shown[frame.log] = frame.number
        event = frame.event
        match event:
            case AgentStarted():
                note = f": {escape(event.note)}" if event.note else ""
                self._line(f"[dim]{escape(event.agent)}{note}[/dim]")
            case AgentThinking():
                self._piece(event, style="dim italic")
            case TextDelta():
                self._piece(event)
            case ToolExecuting():
                self._line(
                    f"[cyan]⚙ {escape(event.name)}[/cyan] "
                    f"[dim]{_short(event.arguments)}[/dim]"
                )
            case ToolProgress():
                share = f"{event.fraction:.0%} " if event.fraction is not None else ""
                self._line(f"[dim]  {share}{escape(event.text)}[/dim]")
            case ToolCompleted(error=None):
                self._line(
                    f"[green]✓[/green] {_short(event.result)} "
                    f"[dim]{event.duration:.2f} s[/dim]"
                )
            case ToolCompleted():
                self._line(f"[red]✗ {escape(event.error or '')}[/red]")
            case InputRequested():
                self._line(
                    f"[yellow]? {escape(event.question)}[/yellow] "
                    f"[dim]{escape(', '.join(event.choices))}[/dim]"
                )
            case AgentCompleted():
                self._line(f"[dim]completed in {event.duration:.1f} s[/dim]")
            case AgentFailed() | AgentCancelled() | AgentInterrupted():
                self._line(f"[red]{escape(event.text)}[/red]")
            case _:
                pass

    def _piece(self, event: AgentThinking | TextDelta, style: str = "") -> None:
        if self._piece_of not in (None, type(event)):
            self._console.print()
        self._piece_of = type(event)
        self._console.print(
            event.text, style=style, end="", markup=False, soft_wrap=True
        )
        with contextlib.suppress(OSError):
            self._console.file.flush()

    def _line(self, markup: str) -> None:
        if self._piece_of is not None:
            self._console.print()
        self._piece_of = None
        self._console.print(markup, soft_wrap=True)


def _short(value: object) -> str:
    text = str(value)
    if len(text) > _SHOWN_CHARACTERS:
        text = text[:_SHOWN_CHARACTERS] + "…"
    return escape(text)
