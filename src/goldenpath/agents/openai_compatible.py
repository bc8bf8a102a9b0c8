"""The agent that asks a model behind any OpenAI-compatible endpoint."""

from __future__ import annotations

import contextlib
import json
from collections.abc import AsyncGenerator, AsyncIterator, Sequence
from typing import Any

import httpx2

from goldenpath.agents._base import RunContext
from goldenpath.agents._completions import (
    Reply,
    RequestedCall,
    described,
    messages,
    refused,
)
from goldenpath.agents._toolbox import Tool
from goldenpath.errors import AgentError, SettingsError
from goldenpath.protocol._events import Event

__all__ = ["OpenAICompatibleAgent"]

# An endpoint that cannot be reached is found out sooner than one that thinks.
_CONNECT_WITHIN = 10.0
_ERROR_BODY_BYTES = 64 * 1024


class OpenAICompatibleAgent:
    """Streams a model's answer from ``/chat/completions``, and runs tools for it.

    The API key is sent to the endpoint and stands in no event and no error.

    Args:
        base_url: Where the endpoint is, such as ``https://api.openai.com/v1``.
        api_key: Its key; None if it wants none.
        model: The model's name there.
        system: What the model is told before the conversation.
        tools: What the model may call.
        max_rounds: How often it may call tools before it has to answer.
        timeout: Seconds without a byte from the endpoint after which it is given up.
        history_characters: Older turns than fit in here are left out.
        proxy: Address of an HTTP proxy; the environment is not looked at.

    Raises:
        SettingsError: The address, the key or a tool's name cannot work.
    """

    def __init__(
        self,
        base_url: str,
        api_key: str | None,
        model: str,
        *,
        system: str | None = None,
        tools: Sequence[Tool] = (),
        max_rounds: int = 8,
        timeout: float = 60.0,
        history_characters: int = 200_000,
        proxy: str | None = None,
    ) -> None:
        self._url = _checked_url(base_url)
        self._key = _checked_key(api_key)
        self._model = model
        self._system = system
        self._tools = {tool.name: tool for tool in tools}
        if len(self._tools) < len(tools):
            raise SettingsError("two tools have the same name")
        self._max_rounds = max_rounds
        self._timeout = httpx2.Timeout(timeout, connect=min(timeout, _CONNECT_WITHIN))
        self._history_characters = history_characters
        self._proxy = proxy
        # Made once: reading the system's certificates takes a while.
        self._tls = httpx2.create_ssl_context(trust_env=False)
        self.name = model
        self.note = f"{model}, a language model at {self._url.host}; it can be wrong"

    async def __call__(
        self, message: str, ctx: RunContext
    ) -> AsyncIterator[str | Event]:
        """Answer a message.

        Raises:
            AgentError: The endpoint does not answer, or not in a way that can be
                understood.
        """
        conversation = messages(
            message, ctx.history, self._system, self._history_characters
        )
        async with self._client() as client:
            rounds = 0
            while True:
                reply = Reply()
                async with contextlib.aclosing(
                    self._stream(client, conversation, reply, ctx)
                ) as pieces:
                    async for piece in pieces:
                        yield piece
                if not reply.calls:
                    return
                if rounds == self._max_rounds:
                    text = f"The model called tools {rounds} times without answering"
                    raise AgentError(text)
                rounds += 1
                conversation.append(reply.written())
                for call in reply.calls:
                    conversation.append(await self._run(call, ctx))

    def _client(self) -> httpx2.AsyncClient:
        """Return a client for one run; leaving it closes every connection."""
        headers = {"Authorization": f"Bearer {self._key}"} if self._key else {}
        return httpx2.AsyncClient(
            headers=headers,
            timeout=self._timeout,
            verify=self._tls,
            proxy=self._proxy,
            trust_env=False,
        )

    async def _stream(
        self,
        client: httpx2.AsyncClient,
        conversation: list[dict[str, Any]],
        reply: Reply,
        ctx: RunContext,
    ) -> AsyncGenerator[str, None]:
        """Ask once; yield the answer's pieces and gather the rest in ``reply``."""
        try:
            async with client.sse(
                self._url, method="POST", json=self._request(conversation)
            ) as source:
                await self._check(source.response)
                async for event in source:
                    if event.data == "[DONE]":
                        reply.finish_reason = reply.finish_reason or "stop"
                        break
                    text, thought = reply.read(event.data)
                    if thought:
                        await ctx.think(thought)
                    if text:
                        yield text
        except httpx2.RequestError as error:
            raise _unreachable(error) from None
        except AgentError as error:
            # An endpoint may repeat the key in what it complains of.
            text = str(error).replace(self._key or "\0", "[key]")
            raise AgentError(text, retryable=error.retryable) from None
        ctx.use(input_tokens=reply.input_tokens, output_tokens=reply.output_tokens)
        await _check_end(reply, ctx)

    def _request(self, conversation: list[dict[str, Any]]) -> dict[str, Any]:
        request: dict[str, Any] = {
            "model": self._model,
            "messages": conversation,
            "stream": True,
            "stream_options": {"include_usage": True},
        }
        # Some endpoints refuse an empty list.
        if self._tools:
            request["tools"] = described(self._tools.values())
        return request

    async def _check(self, response: httpx2.Response) -> None:
        """Raise what a status that is no success means."""
        if response.is_success:
            return
        body = b""
        async for chunk in response.aiter_bytes():
            body += chunk
            if len(body) > _ERROR_BODY_BYTES:
                break
        raise refused(
            response.status_code,
            body.decode("utf-8", "replace"),
            response.headers.get("retry-after", ""),
            self._model,
        )

    async def _run(self, call: RequestedCall, ctx: RunContext) -> dict[str, Any]:
        """Run a tool; return what the model is told of it."""
        try:
            content = json.dumps(await self._result(call, ctx), ensure_ascii=False)
        except AgentError as error:
            # The model may correct itself, so this does not end the run.
            content = f"Error: {error}"
        return {"role": "tool", "tool_call_id": call.id, "content": content}

    async def _result(self, call: RequestedCall, ctx: RunContext) -> object:
        arguments = _shown_arguments(call)
        async with ctx.tool(call.name, arguments) as running:
            tool = self._tools.get(call.name)
            if tool is None:
                raise AgentError(f"there is no tool {call.name!r}", retryable=False)
            running.result = await tool.call(call.parsed())
        return running.result


def _shown_arguments(call: RequestedCall) -> object:
    """Return a call's arguments as a person sees them, whatever they are."""
    try:
        return call.parsed()
    except AgentError:
        return call.arguments


async def _check_end(reply: Reply, ctx: RunContext) -> None:
    """Raise if a reply ended before it was whole."""
    if not reply.finish_reason:
        raise AgentError("The answer broke off: the model's endpoint ended it early")
    if reply.finish_reason == "content_filter":
        text = "The model's endpoint withheld the answer (content filter)"
        raise AgentError(text, retryable=False)
    if reply.finish_reason == "length":
        await ctx.think("The answer was cut: it reached the endpoint's token limit")


def _unreachable(error: httpx2.RequestError) -> AgentError:
    """Return what a failed request means for the person; no detail of it leaks."""
    if isinstance(error, httpx2.ConnectError | httpx2.ConnectTimeout):
        return AgentError("The model's endpoint cannot be reached")
    if isinstance(error, httpx2.TimeoutException):
        return AgentError("The model's endpoint took too long")
    if isinstance(error, httpx2.SSEError):
        return AgentError("The model's endpoint sent no event stream")
    return AgentError("The connection to the model's endpoint was lost")


def _checked_url(base_url: str) -> httpx2.URL:
    # Looked at first: the other errors repeat the address.
    if "@" in base_url:
        raise SettingsError("an endpoint's address holds no password; use the API key")
    try:
        url = httpx2.URL(base_url.rstrip("/") + "/chat/completions")
    except httpx2.InvalidURL as error:
        raise SettingsError(f"{base_url!r} is no address: {error}") from None
    if url.scheme not in ("http", "https") or not url.host:
        raise SettingsError(f"{base_url!r} is no address of http or https")
    return url


def _checked_key(key: str | None) -> str | None:
    # A key that cannot be sent would stand in the error of the HTTP library.
    if key and not (key.isascii() and key.isprintable() and " " not in key):
        raise SettingsError("the API key holds characters that cannot be sent")
    return key or None
