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

from goldenpath.cli._parameters import AllowPlain, PasswordStdin, read_password
from goldenpath.client._client import Client
from goldenpath.client._http import HTTPClient
from goldenpath.errors import GoldenpathError
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
_FAREWELL_WITHIN = 3.0
# A terminal obeys these, whoever sends them: an agent repeats what it has read.
_CONTROLS = {
    code: 0xFFFD for code in (*range(32), *range(0x7F, 0xA0)) if chr(code) not in "\t\n"
}


def chat(
    url: str,
    *,
    user: str,
    password_stdin: PasswordStdin = False,
    allow_plain: AllowPlain = False,
    message: Annotated[
        tuple[str, ...],
        cyclopts.Parameter(negative="", show_default=False),
    ] = (),
) -> int:
    """Talk to an agent; return 1 if its last answer did not complete.

    Args:
        url: Where the server is, such as http://127.0.0.1:8000.
        user: Who logs in.
        password_stdin: Read the password from standard input.
        allow_plain: Speak plain HTTP to another machine.
        message: Send this and leave; may be given several times.
    """
    password = read_password(from_stdin=password_stdin)
    http = HTTPClient(url, allow_plain=allow_plain)
    try:
        return asyncio.run(_chat(http, user, password, message))
    except KeyboardInterrupt:
        return 0


async def _chat(
    http: HTTPClient, user: str, password: str, messages: tuple[str, ...]
) -> int:
    # What the agent says is shown as it is: no markup, no :emoji: names.
    console = Console(highlight=False, emoji=False)
    screen = _Screen(console)
    async with http:
        await http.login(user, password)
        try:
            async with Client(http, heard=screen.show) as client:
                is_completed = await _talk(client, messages)
        finally:
            async with _farewell():
                await http.logout()
    return 0 if is_completed else 1


async def _talk(client: Client, messages: tuple[str, ...]) -> bool:
    """Send one message after the other; return whether the last was answered."""
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
            async with _farewell():
                await client.cancel(run=sent.run)
            raise
        is_completed = state == "completed"
    return is_completed


@contextlib.asynccontextmanager
async def _farewell() -> AsyncIterator[None]:
    """Try something on the way out, but let nothing hold up who leaves."""
    with contextlib.suppress(GoldenpathError, TimeoutError):
        async with asyncio.timeout(_FAREWELL_WITHIN):
            yield


async def _see_to_the_end(
    client: Client, sent: Result, lines: AsyncIterator[str]
) -> str:
    """Wait for a run's end and return its state; the next line answers a question."""
    assert sent.thread is not None
    assert sent.run is not None
    thread, run = sent.thread, sent.run
    replica = client.replica(thread)

    def asked() -> str | None:
        return replica.transcript.open_question(run)

    def has_ended() -> bool:
        return replica.transcript.state_of(run) not in (None, "running")

    while True:
        await client.wait_for(lambda: asked() is not None or has_ended(), thread=thread)
        call = asked()
        if call is None:
            return replica.transcript.state_of(run) or ""
        async for value in lines:
            await client.answer(run, call, value)
            break
        else:
            await client.cancel(run=run)
        await client.wait_for(lambda call=call: asked() != call, thread=thread)  # type: ignore[misc]


async def _messages(given: tuple[str, ...]) -> AsyncIterator[str]:
    for text in given:
        yield text
    while not given:
        if sys.stdin.isatty():
            print("> ", end="", flush=True)
            await _wait_readable(sys.stdin.fileno())
        line = await asyncio.to_thread(sys.stdin.readline)
        if not line.strip():
            return
        yield line.strip()


async def _wait_readable(descriptor: int) -> None:
    """Wait until a line was typed; a thread that reads could not be interrupted."""
    loop = asyncio.get_running_loop()
    is_readable = asyncio.Event()
    loop.add_reader(descriptor, is_readable.set)
    try:
        await is_readable.wait()
    finally:
        loop.remove_reader(descriptor)


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
            event.text.translate(_CONTROLS),
            style=style,
            end="",
            markup=False,
            soft_wrap=True,
        )
        with contextlib.suppress(OSError):
            self._console.file.flush()

    def _line(self, markup: str) -> None:
        if self._piece_of is not None:
            self._console.print()
        self._piece_of = None
        self._console.print(markup.translate(_CONTROLS), soft_wrap=True)


def _short(value: object) -> str:
    text = str(value)
    if len(text) > _SHOWN_CHARACTERS:
        text = text[:_SHOWN_CHARACTERS] + "…"
    return escape(text)
