"""The commands of the tools agent: ways to see what a run can do."""

from __future__ import annotations

import math
import re
from collections.abc import AsyncIterator, Callable

from goldenpath.agents._base import RunContext
from goldenpath.agents._pace import Sleep, speak
from goldenpath.errors import AgentError

HELP = """\
I am **not a language model**: I recognise a few kinds of questions, and what I \
answer was really computed.

| Ask | for example |
|---|---|
| arithmetic | `15% of 80`, `(2+3)*sqrt(16)`, `2**64` |
| units | `10 km in miles`, `72 F to C`, `3 cups in ml` |
| dates | `what day is 2027-01-01`, `how many days until 2027-03-01` |
| about goldenpath | `search resume`, `how do devices stay in step?` |
| `/slow 20` | work for 20 seconds, to watch it, reload, or stop it |
| `/ask` | ask you something |
| `/long 20` | a long answer, to see how it is shown |
| `/fail` | fail, to see *retry* |
| `/help` | this |
"""

DEFAULT_SECONDS = 10.0
MOST_SECONDS = 300.0
DEFAULT_PARAGRAPHS = 12
MOST_PARAGRAPHS = 200
# A round of work is a stretch of a tool and a stretch of text, so that a long one
# shows both again and again.
_ROUND_SECONDS = 10.0
_TOOL_SHARE = 0.4
_PROGRESS_EVERY = 0.4
_COLOURS = ("Green", "Blue", "Surprise me")

_KINDS = (
    """\
## Section {n}

Paragraph {n} has *emphasis*, **weight**, `code` and a \
[link](https://example.org/{n}). It is here to be long enough for a line to break, on \
a telephone and on a wide screen.""",
    """\
Paragraph {n} is a list:

- one
- two, with a second level
  - inside
- three""",
    """\
Paragraph {n} is code:

```python
def square(number: int) -> int:
    return number * number  # {nn} for {n}
```""",
    """\
Paragraph {n} is a table:

| number | squared |
|---:|---:|
| {n} | {nn} |""",
    """\
> Paragraph {n} is a quotation, and leaves ASCII: naïve café, Ελληνικά, 日本語, \
עברית, and 𝄞, which takes two code units.""",
    """\
Paragraph {n} is a numbered list:

1. first
2. second
3. third""",
)

Command = Callable[[str, RunContext, float, Sleep], AsyncIterator[str]]


def find_command(message: str) -> tuple[Command, str] | None:
    """Return a command and what follows its name, if a message is one."""
    match = re.fullmatch(r"\s*/(\w+)\s*(.{0,200})", message, re.DOTALL)
    if match:
        return _COMMANDS.get(match[1].lower(), _unknown), match[2].strip()
    return (_help, "") if message.strip().lower().rstrip("?!.") == "help" else None


async def _help(
    _argument: str, ctx: RunContext, pace: float, sleep: Sleep
) -> AsyncIterator[str]:
    """Tell what this agent can do."""
    await ctx.think("This asks what I can do")
    async for word in speak(HELP, pace, sleep):
        yield word


async def _unknown(
    _argument: str, ctx: RunContext, pace: float, sleep: Sleep
) -> AsyncIterator[str]:
    """Tell that there is no such command."""
    await ctx.think("This is a command that I do not have")
    async for word in speak(f"There is no such command.\n\n{HELP}", pace, sleep):
        yield word


async def _slow(
    argument: str, ctx: RunContext, _pace: float, sleep: Sleep
) -> AsyncIterator[str]:
    """Work for some seconds; every kind of event of a run is seen."""
    seconds = min(_number(argument, DEFAULT_SECONDS), MOST_SECONDS)
    rounds = max(1, math.ceil(seconds / _ROUND_SECONDS))
    await ctx.think(f"This asks for {seconds:g} seconds of work; I really wait")
    yield f"Working for {seconds:g} seconds.\n\n"
    for number in range(1, rounds + 1):
        await _work(number, ctx, seconds / rounds * _TOOL_SHARE, sleep)
        ends = seconds * number / rounds
        begins = ends - seconds / rounds * (1 - _TOOL_SHARE)
        async for word in _tell(begins, ends, sleep):
            yield word
    yield f"\nDone: round {rounds} of {rounds} is over."


async def _work(number: int, ctx: RunContext, seconds: float, sleep: Sleep) -> None:
    """Wait in a tool, and tell how far it is."""
    steps = max(1, round(seconds / _PROGRESS_EVERY))
    async with ctx.tool(
        "work", {"round": number, "seconds": round(seconds, 3)}
    ) as call:
        for step in range(1, steps + 1):
            await sleep(seconds / steps)
            await call.progress(step / steps, text=f"step {step} of {steps}")
        call.result = {"steps": steps}


async def _tell(begins: float, ends: float, sleep: Sleep) -> AsyncIterator[str]:
    """Yield a line about each second, spread over those seconds."""
    lines = max(1, round(ends - begins))
    for line in range(1, lines + 1):
        second = begins + (ends - begins) * line / lines
        words = f"- After {second:.1f} seconds I am still at work.\n".split(" ")
        for number, word in enumerate(words):
            await sleep((ends - begins) / lines / len(words))
            yield f" {word}" if number else word


async def _ask(
    _argument: str, ctx: RunContext, pace: float, sleep: Sleep
) -> AsyncIterator[str]:
    """Ask the person, and use the reply."""
    await ctx.think("This asks me to ask something back")
    reply = await ctx.ask("Which colour do you like?", choices=_COLOURS)
    quoted = " ".join(str(reply).split())[:200].replace("`", "'") or "nothing"
    async for word in speak(f"You answered `{quoted}`. Thank you.", pace, sleep):
        yield word


async def _fail(
    argument: str, ctx: RunContext, pace: float, sleep: Sleep
) -> AsyncIterator[str]:
    """Fail, after a few words."""
    await ctx.think("This asks me to fail")
    async for word in speak("This is as far as I get", pace, sleep):
        yield word
    if argument == "finally":
        raise AgentError("Failed, as asked, and would again", retryable=False)
    raise AgentError("Failed, as asked; a retry fails again")


async def _long(
    argument: str, ctx: RunContext, pace: float, sleep: Sleep
) -> AsyncIterator[str]:
    """Give a long answer."""
    count = int(min(_number(argument, DEFAULT_PARAGRAPHS), MOST_PARAGRAPHS))
    await ctx.think(f"This asks for {count} paragraphs; they say nothing of use")
    for number in range(1, count + 1):
        kind = _KINDS[(number - 1) % len(_KINDS)]
        text = kind.format(n=number, nn=number * number)
        async for word in speak(f"{text}\n\n", pace, sleep):
            yield word


def _number(argument: str, default: float) -> float:
    """Return a command's number, or the default if there is none."""
    match = re.fullmatch(
        r"(\d{1,9}(?:\.\d{1,9})?)\s*(?:s|seconds?|paragraphs?)?", argument
    )
    if argument and not match:
        raise AgentError(f"Expected a number, found {argument!r}", retryable=False)
    return float(match[1]) if match else default


_COMMANDS: dict[str, Command] = {
    "help": _help,
    "slow": _slow,
    "ask": _ask,
    "fail": _fail,
    "long": _long,
}
