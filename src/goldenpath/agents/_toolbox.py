"""Tools: functions that an agent, or a model, can call by name."""

from __future__ import annotations

import dataclasses
import datetime as dt
import inspect
from collections.abc import Awaitable, Callable, Mapping
from typing import Any

from goldenpath.agents._arithmetic import evaluate
from goldenpath.agents._dates import answer_dates
from goldenpath.agents._documents import Documents
from goldenpath.agents._numbers import exactly, rounded, shown
from goldenpath.agents._units import convert_units
from goldenpath.errors import AgentError

Clock = Callable[[], dt.datetime]

# Python's type for each of JSON Schema's.
_TYPES: dict[str, type | tuple[type, ...]] = {
    "string": str,
    "integer": int,
    "number": (int, float),
    "boolean": bool,
    "array": list,
    "object": dict,
}


@dataclasses.dataclass(frozen=True, slots=True)
class Tool:
    """A function that can be called by name.

    Attributes:
        name: What it is called by.
        description: When to call it, for a model.
        parameters: A JSON Schema of type ``object`` for its arguments.
        function: Takes the arguments by keyword and returns JSON. An
            ``AgentError`` from it is told to the model, which may try again; any
            other exception ends the run.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    function: Callable[..., Awaitable[Any]]

    async def call(self, arguments: Mapping[str, Any]) -> Any:
        """Call the function.

        Raises:
            AgentError: The arguments do not fit, or the function says so.
        """
        try:
            inspect.signature(self.function).bind(**arguments)
        except TypeError as error:
            raise AgentError(f"{self.name}: {error}", retryable=False) from None
        properties = self.parameters.get("properties", {})
        for name, value in arguments.items():
            kind = properties.get(name, {}).get("type", "")
            # In JSON true is no number, in Python it is one.
            fits = isinstance(value, _TYPES.get(kind, object))
            if not fits or (isinstance(value, bool) and kind in ("integer", "number")):
                text = f"{self.name}: {name!r} is not of type {kind!r}"
                raise AgentError(text, retryable=False)
        return await self.function(**arguments)


def local_now() -> dt.datetime:
    """Return the time by the server's clock, with its zone."""
    return dt.datetime.now(dt.UTC).astimezone()


def built_in_tools(
    *,
    documents: Mapping[str, str] | None = None,
    clock: Clock = local_now,
) -> tuple[Tool, ...]:
    """Return the tools that come with goldenpath.

    They are calculate, convert_units, answer_dates and search_documents.

    Args:
        documents: What can be searched, Markdown by title; None means the pages
            about goldenpath itself.
        clock: What tells the time.
    """
    library = Documents(documents)

    async def dates(question: str) -> dict[str, Any]:
        return answer_dates(question, clock())

    async def search(query: str) -> dict[str, Any]:
        return _search(library, query)

    return (
        Tool(
            "calculate",
            "Compute an arithmetic expression, exactly where that is possible.",
            _strings(expression="Such as 15% of 80 or (2+3)*sqrt(16)"),
            _calculate,
        ),
        Tool(
            "convert_units",
            "Convert a value from one unit of measure to another.",
            _strings(
                value="The number, in decimal",
                source="The unit it is in, such as km",
                target="The unit wanted, such as miles",
            ),
            _convert,
        ),
        Tool(
            "answer_dates",
            "Tell today's date and time, the weekday of a date, a date some days "
            "away, or the days between two dates.",
            _strings(question="Such as: how many days until 2027-03-01"),
            dates,
        ),
        Tool(
            "search_documents",
            "Search the documentation and return the passages that fit best.",
            _strings(query="A few words"),
            search,
        ),
    )


def _strings(**descriptions: str) -> dict[str, Any]:
    """Return a JSON Schema of required strings."""
    return {
        "type": "object",
        "properties": {
            name: {"type": "string", "description": description}
            for name, description in descriptions.items()
        },
        "required": list(descriptions),
        "additionalProperties": False,
    }


async def _calculate(expression: str) -> dict[str, Any]:
    value = evaluate(expression)
    exact = exactly(value)
    return {
        "value": exact or rounded(value),
        "is_exact": exact is not None,
        "text": shown(value),
    }


async def _convert(value: str, source: str, target: str) -> dict[str, Any]:
    converted = convert_units(value, source, target)
    return {"value": rounded(converted, 10), "unit": target}


def _search(library: Documents, query: str) -> dict[str, Any]:
    return {
        "passages": [
            {
                "title": found.passage.title,
                "heading": found.passage.heading,
                "text": found.passage.text,
                "score": round(found.score, 3),
            }
            for found in library.search(query)
        ]
    }
