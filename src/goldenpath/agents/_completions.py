"""OpenAI's chat completions, read and written: no network in here.

Rule 1: what an endpoint sends is checked before it is used; what cannot be
        understood is an :class:`AgentError`, never a ``KeyError``.
Rule 2: an endpoint that sends without end is stopped by the limits below.
"""

from __future__ import annotations

import dataclasses
import json
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from goldenpath._ids import new_id
from goldenpath.agents._base import Turn
from goldenpath.agents._toolbox import Tool
from goldenpath.errors import AgentError

MOST_CALLS = 64
MOST_ARGUMENT_CHARACTERS = 256 * 1024
_SHOWN_ERROR_CHARACTERS = 300


@dataclasses.dataclass(slots=True)
class RequestedCall:
    """A tool call that the model asks for, as far as it was streamed.

    Attributes:
        id: The endpoint's name for it.
        name: The tool's name.
        arguments: JSON, as text.
    """

    id: str = ""
    name: str = ""
    arguments: str = ""

    def parsed(self) -> dict[str, Any]:
        """Return the arguments.

        Raises:
            AgentError: They are no JSON object.
        """
        try:
            arguments = json.loads(self.arguments or "{}")
        except ValueError as error:
            text = f"the arguments of {self.name!r} are no JSON: {error}"
            raise AgentError(text) from None
        if not isinstance(arguments, dict):
            raise AgentError(f"the arguments of {self.name!r} are no JSON object")
        return arguments

    def written(self) -> dict[str, Any]:
        """Return it as it stands in the next request."""
        function = {"name": self.name, "arguments": self.arguments or "{}"}
        return {"id": self.id, "type": "function", "function": function}


class Reply:
    """One streamed reply, put together from its chunks.

    Attributes:
        text: What was said so far.
        finish_reason: Why it ended, or nothing while it has not.
        input_tokens: As the endpoint counts them.
        output_tokens: The same.
    """

    def __init__(self) -> None:
        self.text = ""
        self.finish_reason = ""
        self.input_tokens = 0
        self.output_tokens = 0
        self._calls: dict[int, RequestedCall] = {}

    @property
    def calls(self) -> list[RequestedCall]:
        """The tool calls that it asks for, in order."""
        return [self._calls[index] for index in sorted(self._calls)]

    def read(self, data: str) -> tuple[str, str]:
        """Take in a chunk; return its piece of the answer and of the reasoning.

        Raises:
            AgentError: It reports an error, or cannot be understood.
        """
        chunk = _object(_parsed(data), "a chunk")
        if chunk.get("error"):
            raise AgentError(f"The model's endpoint failed: {error_text(chunk)}")
        self._count(chunk.get("usage"))
        choices = chunk.get("choices") or []
        if not isinstance(choices, list):
            raise _malformed("'choices' is no list")
        if not choices:
            return "", ""
        choice = _object(choices[0], "a choice")
        self.finish_reason = str(choice.get("finish_reason") or self.finish_reason)
        delta = _object(choice.get("delta") or {}, "a delta")
        for call in _list(delta.get("tool_calls")):
            self._gather(_object(call, "a tool call"))
        text = _text(delta.get("content"))
        self.text += text
        return text, _text(delta.get("reasoning_content") or delta.get("reasoning"))

    def written(self) -> dict[str, Any]:
        """Return it as it stands in the next request."""
        message: dict[str, Any] = {"role": "assistant", "content": self.text or None}
        if self._calls:
            message["tool_calls"] = [call.written() for call in self.calls]
        return message

    def _count(self, usage: object) -> None:
        # Some endpoints repeat the running total with every chunk: keep the last.
        if isinstance(usage, dict):
            self.input_tokens = _count(usage.get("prompt_tokens"))
            self.output_tokens = _count(usage.get("completion_tokens"))

    def _gather(self, piece: Mapping[str, Any]) -> None:
        """Add a piece of a tool call to the call that it belongs to."""
        index = piece.get("index")
        if not isinstance(index, int):
            # Some endpoints send whole calls without an index.
            last = max(self._calls, default=-1)
            index = last + 1 if piece.get("id") or last < 0 else last
        if index not in self._calls and len(self._calls) >= MOST_CALLS:
            raise _malformed(f"more than {MOST_CALLS} tool calls")
        call = self._calls.setdefault(index, RequestedCall())
        function = _object(piece.get("function") or {}, "a function")
        call.id = call.id or _text(piece.get("id")) or f"call_{new_id()}"
        call.name = call.name or _text(function.get("name"))
        arguments = function.get("arguments") or ""
        call.arguments += (
            arguments if isinstance(arguments, str) else json.dumps(arguments)
        )
        if len(call.arguments) > MOST_ARGUMENT_CHARACTERS:
            raise _malformed("the arguments of a tool call do not end")


def messages(
    message: str, history: Sequence[Turn], system: str | None, most_characters: int
) -> list[dict[str, Any]]:
    """Return a conversation as an endpoint wants it; the oldest turns give way."""
    kept: list[dict[str, Any]] = [{"role": "user", "content": message}]
    left = most_characters
    for turn in reversed(history):
        left -= len(turn.text)
        if left < 0:
            break
        # An answer that failed before its first word is empty; some refuse that.
        if turn.text:
            kept.append({"role": turn.role, "content": turn.text})
    if system:
        kept.append({"role": "system", "content": system})
    return kept[::-1]


def described(tools: Iterable[Tool]) -> list[dict[str, Any]]:
    """Return tools as an endpoint wants them."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": dict(tool.parameters),
            },
        }
        for tool in tools
    ]


def refused(status: int, body: str, retry_after: str, model: str) -> AgentError:
    """Return what a status that is no success means for the person."""
    if status in (401, 403):
        # The body may repeat the key, so nothing of it is told.
        text = f"The model's endpoint refused the API key (HTTP {status})"
        return AgentError(text, retryable=False)
    detail = error_text(_parsed(body, default={}))
    if status == 404:
        text = f"The model's endpoint does not know {model!r}, or has another address"
        return AgentError(_with(text, detail), retryable=False)
    if status == 429:
        when = f"in {retry_after} s" if retry_after.isdecimal() else "a little later"
        text = f"The model's endpoint has too many requests; try again {when}"
        return AgentError(_with(text, detail))
    text = f"The model's endpoint answered with HTTP {status}"
    # A request that timed out (408) or collided (409) may succeed the next time.
    retryable = status >= 500 or status in (408, 409)
    return AgentError(_with(text, detail), retryable=retryable)


def error_text(body: object) -> str:
    """Return the message of an endpoint's error, one short line, maybe empty."""
    error = body.get("error") if isinstance(body, dict) else None
    text = error.get("message") if isinstance(error, dict) else error
    line = " ".join(_text(text).split())
    return line[:_SHOWN_ERROR_CHARACTERS]


def _with(text: str, detail: str) -> str:
    return f"{text}: {detail}" if detail else text


def _parsed(data: str, default: object = None) -> object:
    try:
        return json.loads(data)
    except (ValueError, RecursionError):
        if default is not None:
            return default
        raise _malformed("a chunk is no JSON") from None


def _object(value: object, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise _malformed(f"{what} is no object")
    return value


def _list(value: object) -> list[Any]:
    if value is not None and not isinstance(value, list):
        raise _malformed("'tool_calls' is no list")
    return value or []


def _text(value: object) -> str:
    return value if isinstance(value, str) else ""


def _count(value: object) -> int:
    return value if isinstance(value, int) and value > 0 else 0


def _malformed(what: str) -> AgentError:
    return AgentError(f"The model's endpoint sent what cannot be understood: {what}")
