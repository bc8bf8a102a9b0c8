"""``goldenpath probe``: walks a deployment's golden path, says where it ends."""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import json
import sys
import time
from collections.abc import Awaitable, Callable
from typing import Annotated

import cyclopts

from goldenpath.cli._parameters import AllowPlain, PasswordStdin, read_password
from goldenpath.client._client import Client
from goldenpath.client._http import HTTPClient
from goldenpath.errors import GoldenpathError
from goldenpath.protocol._cursor import thread_log
from goldenpath.protocol._events import AgentCompleted, AgentStarted, UserMessage
from goldenpath.protocol._frames import AnyServerFrame, EventFrame, Result, Snapshot
from goldenpath.protocol._transcript import Transcript

_DEFAULT_MESSAGE = "What is 17 * 23?"
_CLEAN_UP_WITHIN = 5.0


class _StepError(GoldenpathError):
    """A step found that something does not hold."""


@dataclasses.dataclass(slots=True)
class _Step:
    name: str
    ok: bool
    seconds: float
    detail: str = ""


def probe(
    url: str,
    *,
    user: str,
    password_stdin: PasswordStdin = False,
    allow_plain: AllowPlain = False,
    as_json: Annotated[
        bool, cyclopts.Parameter(name="--json", negative="", help="Print JSON.")
    ] = False,
    message: str = _DEFAULT_MESSAGE,
    within: float = 60.0,
    keep: Annotated[bool, cyclopts.Parameter(negative="")] = False,
) -> int:
    """Walk the golden path; return 1 if a step fails, after naming it.

    Args:
        url: Where the server is, such as https://chat.example.com.
        user: Who logs in.
        password_stdin: Read the password from standard input.
        allow_plain: Speak plain HTTP to another machine.
        as_json: Print JSON.
        message: What is sent; each answer costs what the agent costs.
        within: Seconds for each step.
        keep: Leave the probe's thread there instead of deleting it.
    """
    password = read_password(from_stdin=password_stdin)
    http = HTTPClient(url, within=within, allow_plain=allow_plain)
    walk = _Walk(http, user, password, message=message, within=within, keep=keep)
    steps = asyncio.run(walk.run())
    is_ok = all(step.ok for step in steps)
    if as_json:
        print(
            json.dumps(
                {"ok": is_ok, "steps": [dataclasses.asdict(step) for step in steps]},
                indent=2,
            )
        )
    else:
        for step in steps:
            state = "ok    " if step.ok else "FAILED"
            print(f"{state} {step.name:<10} {step.seconds:7.3f} s  {step.detail}")
    if not is_ok:
        print(
            f"goldenpath: step {steps[-1].name!r} failed after "
            f"{steps[-1].seconds:.3f} s: {steps[-1].detail}",
            file=sys.stderr,
        )
    return 0 if is_ok else 1


class _Walk:
    """One walk along the path, step by step."""

    def __init__(
        self,
        http: HTTPClient,
        user: str,
        password: str,
        *,
        message: str,
        within: float,
        keep: bool,
    ) -> None:
        self._user = user
        self._password = password
        self._message = message
        self._within = within
        self._keep = keep
        self._http = http
        self._client = Client(self._http, heard=self._hear)
        self._seen: dict[str, list[EventFrame]] = {}
        self._sent = Result(id="")

    async def run(self) -> list[_Step]:
        """Walk until the end, or until a step fails."""
        steps: list[_Step] = []
        todo: list[tuple[str, Callable[[], Awaitable[str]]]] = [
            ("ready", self._ready),
            ("login", self._login),
            ("connect", self._connect),
            ("send", self._send),
            ("resume", self._resume),
            ("answer", self._answer),
            ("order", self._order),
            ("history", self._history),
            ("leave", self._leave),
        ]
        async with self._http:
            try:
                for name, step in todo:
                    steps.append(await self._walk(name, step))
                    if not steps[-1].ok:
                        break
            finally:
                await self._client.stop()
                await self._clean_up()
        return steps

    async def _clean_up(self) -> None:
        """After a failure, leave no more behind than after a success."""
        with contextlib.suppress(GoldenpathError, TimeoutError):
            async with asyncio.timeout(_CLEAN_UP_WITHIN):
                if self._sent.thread is not None and not self._keep:
                    await self._http.delete_thread(self._sent.thread)
                if self._http.token:
                    await self._http.logout()

    async def _walk(self, name: str, step: Callable[[], Awaitable[str]]) -> _Step:
        began = time.monotonic()
        try:
            async with asyncio.timeout(self._within):
                detail = await step()
            is_ok = True
        except TimeoutError:
            detail, is_ok = f"not done within {self._within:g} s", False
        except GoldenpathError as error:
            detail, is_ok = str(error), False
        return _Step(name, is_ok, round(time.monotonic() - began, 3), detail)

    async def _ready(self) -> str:
        if not await self._http.is_ready():
            raise _StepError(f"{self._http.url}/readyz does not say ready")
        return ""

    async def _login(self) -> str:
        await self._http.login(self._user, self._password)
        return f"as {self._user}"

    async def _connect(self) -> str:
        self._client.start()
        welcome = await self._client.wait_live()
        return f"connection {welcome.connection}"

    async def _send(self) -> str:
        self._sent = await self._client.send(self._message)
        return f"run {self._sent.run}"

    async def _resume(self) -> str:
        welcomes = self._client.welcomes
        self._client.cut()
        await self._client.wait_for(lambda: self._client.welcomes > welcomes)
        return "after a forced cut"

    async def _answer(self) -> str:
        state = await self._client.wait_run_ended(self._sent)
        if state != "completed":
            raise _StepError(f"the run has {state}")
        answer = self._transcript().text_of(self._sent.run or "")
        return f"{len(answer)} characters"

    async def _order(self) -> str:
        frames = self._seen.get(thread_log(self._sent.thread or ""), [])
        last = 0
        for frame in frames:
            if (frame.first or frame.number) != last + 1:
                raise _StepError(f"event {frame.number} came after {last}")
            last = frame.number
        types = [type(frame.event) for frame in frames]
        if types[:2] != [UserMessage, AgentStarted] or types[-1] is not AgentCompleted:
            names = ", ".join(kind.__name__ for kind in types)
            raise _StepError(f"the run went {names}")
        return f"{last} events, each once"

    async def _history(self) -> str:
        told = Transcript()
        for frame in await self._http.history(self._sent.thread or ""):
            told.apply(frame)
        if told.as_json() != self._transcript().as_json():
            raise _StepError("the device holds something else than the server")
        return "the device holds what the server holds"

    async def _leave(self) -> str:
        await self._client.stop()
        if not self._keep:
            await self._http.delete_thread(self._sent.thread or "")
        self._sent = Result(id="")
        await self._http.logout()
        return "thread kept" if self._keep else "thread deleted"

    def _transcript(self) -> Transcript:
        return self._client.replica(self._sent.thread or "").transcript

    def _hear(self, frame: AnyServerFrame) -> None:
        """Write down which numbers of a log were applied, and as what."""
        if isinstance(frame, Snapshot):
            self._seen[frame.log] = list(frame.state.events)
        elif isinstance(frame, EventFrame):
            self._seen.setdefault(frame.log, []).append(frame)
