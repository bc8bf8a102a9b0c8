"""The agent that goldenpath starts with: no model, but tools that really run."""

from __future__ import annotations

import asyncio
import dataclasses
from collections.abc import AsyncIterator, Callable, Mapping
from typing import Any

from goldenpath.agents._arithmetic import find_expression
from goldenpath.agents._base import RunContext
from goldenpath.agents._commands import HELP, find_command
from goldenpath.agents._dates import is_about_dates
from goldenpath.agents._documents import Documents, find_query
from goldenpath.agents._pace import Sleep, speak
from goldenpath.agents._toolbox import Clock, built_in_tools, local_now
from goldenpath.agents._units import find_conversion
from goldenpath.errors import AgentError
from goldenpath.protocol._events import Event

_NOT_UNDERSTOOD = "I did not recognise what you ask.\n\n"


@dataclasses.dataclass(frozen=True, slots=True)
class _Plan:
    """What a message was recognised as.

    Attributes:
        thought: What to show of it.
        tool: The tool's name.
        arguments: What to call it with.
        tell: Makes the answer from the tool's result.
    """

    thought: str
    tool: str
    arguments: dict[str, str]
    tell: Callable[[dict[str, Any]], str]


class ToolsAgent:
    """Answers what can be computed, and says so when something cannot.

    Args:
        documents: What it can search, Markdown by title; None means the pages
            about goldenpath itself.
        clock: What tells the time.
        pace: Seconds between two words of an answer; 0 means no pause.
        sleep: What waits; for tests.
    """

    name = "Tools"
    note = "No language model: a small set of tools that really run"

    def __init__(
        self,
        *,
        documents: Mapping[str, str] | None = None,
        clock: Clock = local_now,
        pace: float = 0.015,
        sleep: Sleep = asyncio.sleep,
    ) -> None:
        self._library = Documents(documents)
        tools = built_in_tools(documents=documents, clock=clock)
        self._tools = {tool.name: tool for tool in tools}
        self._pace = pace
        self._sleep = sleep

    def recognises(self, message: str) -> bool:
        """Return whether a message plainly asks for a tool or a command.

        A question that only resembles a page of the documentation does not count:
        a model should have that one.
        """
        return bool(find_command(message) or _plan(message))

    async def __call__(
        self, message: str, ctx: RunContext
    ) -> AsyncIterator[str | Event]:
        """Answer a message."""
        if found := find_command(message):
            command, argument = found
            async for word in command(argument, ctx, self._pace, self._sleep):
                yield word
            return
        answer = await self._answer(_plan(message) or self._guess(message), ctx)
        async for word in speak(answer, self._pace, self._sleep):
            yield word

    def _guess(self, message: str) -> _Plan | None:
        """Return a search, if the documentation seems to have an answer."""
        found = self._library.search(message, 1)
        if not found or not found[0].is_enough:
            return None
        thought = "No tool is for this; the documentation may have an answer"
        return _Plan(
            thought, "search_documents", {"query": message[:500]}, _tell_search
        )

    async def _answer(self, plan: _Plan | None, ctx: RunContext) -> str:
        """Carry out a plan; return the answer."""
        if plan is None:
            await ctx.think("None of my tools is for this")
            return _NOT_UNDERSTOOD + HELP
        await ctx.think(plan.thought)
        try:
            async with ctx.tool(plan.tool, plan.arguments) as call:
                call.result = await self._tools[plan.tool].call(plan.arguments)
        except AgentError as error:
            return f"{error}."
        return plan.tell(call.result)


def _plan(message: str) -> _Plan | None:
    """Return what to do about a message that plainly asks for a tool."""
    # Dates come first: 2027-01-01 is also a subtraction.
    if is_about_dates(message):
        thought = "This is a question about dates"
        return _Plan(thought, "answer_dates", {"question": message}, _tell_dates)
    if conversion := find_conversion(message):
        value, source, target = conversion
        arguments = {"value": value, "source": source, "target": target}
        thought = f"This is a conversion from {source} to {target}"
        return _Plan(thought, "convert_units", arguments, _tell_units(value, source))
    if expression := find_expression(message):
        arguments = {"expression": expression}
        thought = "This is arithmetic; I calculate it instead of guessing"
        return _Plan(thought, "calculate", arguments, _tell_value(expression))
    if query := find_query(message):
        thought = "This asks for a search in the documentation"
        return _Plan(thought, "search_documents", {"query": query}, _tell_search)
    return None


def _tell_dates(result: dict[str, Any]) -> str:
    return str(result["answer"])


def _tell_units(value: str, source: str) -> Callable[[dict[str, Any]], str]:
    return lambda result: f"{value} {source} = **{result['value']} {result['unit']}**"


def _tell_value(expression: str) -> Callable[[dict[str, Any]], str]:
    def tell(result: dict[str, Any]) -> str:
        text = str(result["text"])
        sign = "≈" if text.startswith("≈") else "="
        return f"`{expression}` {sign} **{text.removeprefix('≈ ')}**"

    return tell


def _tell_search(result: dict[str, Any]) -> str:
    """Quote the best passage, and name the others."""
    if not result["passages"]:
        return "The documentation has nothing about that."
    best, *others = result["passages"]
    quoted = "\n".join(f"> {line}".rstrip() for line in best["text"].splitlines())
    answer = f"From the documentation, *{_place(best)}*:\n\n{quoted}"
    if others:
        places = "\n".join(f"- *{_place(other)}*" for other in others)
        answer += f"\n\nAlso about this:\n\n{places}"
    return answer


def _place(passage: dict[str, Any]) -> str:
    return " · ".join(filter(None, (passage["title"], passage["heading"])))
