"""Chat completions without a network: what is not reached through the agent."""

import pytest

from goldenpath.agents import Tool, Turn
from goldenpath.agents._completions import (
    Reply,
    RequestedCall,
    described,
    error_text,
    messages,
    refused,
)
from goldenpath.errors import AgentError


def test_a_reply_is_put_together():
    reply = Reply()
    pieces = [
        reply.read(chunk)
        for chunk in (
            '{"choices": [{"delta": {"role": "assistant", "content": null}}]}',
            '{"choices": [{"delta": {"content": "Hi", "reasoning": "Hm"}}]}',
            '{"choices": [{"delta": {"content": "!"}, "finish_reason": "stop"}]}',
            '{"choices": [{}], "usage": {"prompt_tokens": 3, "completion_tokens": -1}}',
            '{"choices": null, "usage": null}',
        )
    ]

    assert pieces == [("", ""), ("Hi", "Hm"), ("!", ""), ("", ""), ("", "")]
    assert reply.written() == {"role": "assistant", "content": "Hi!"}
    assert reply.finish_reason == "stop"
    assert (reply.input_tokens, reply.output_tokens) == (3, 0)
    assert reply.calls == []


def test_calls_come_in_the_order_of_their_index():
    reply = Reply()
    for index in (1, 0):
        call = f'{{"index": {index}, "id": "c{index}", "function": {{"name": "f"}}}}'
        reply.read(f'{{"choices": [{{"delta": {{"tool_calls": [{call}]}}}}]}}')

    assert [call.id for call in reply.calls] == ["c0", "c1"]
    assert reply.written()["content"] is None
    assert reply.written()["tool_calls"][0] == {
        "id": "c0",
        "type": "function",
        "function": {"name": "f", "arguments": "{}"},
    }


@pytest.mark.parametrize(
    ("text", "expected"), [("", {}), ('{"a": 1}', {"a": 1}), ("[]", None), ("{", None)]
)
def test_arguments_are_a_json_object(text, expected):
    call = RequestedCall("id", "f", text)
    if expected is None:
        with pytest.raises(AgentError, match="the arguments of 'f' are no JSON"):
            call.parsed()
        return
    assert call.parsed() == expected


def test_a_conversation_begins_with_the_system_and_ends_with_the_message():
    history = [Turn("user", "a"), Turn("assistant", "bb")]

    assert [m["content"] for m in messages("c", history, "s", 3)] == [
        "s",
        "a",
        "bb",
        "c",
    ]
    assert [m["content"] for m in messages("c", history, "", 2)] == ["bb", "c"]
    assert [m["content"] for m in messages("c", history, None, 1)] == ["c"]


def test_a_tool_is_described():
    async def nothing() -> None: ...

    tool = Tool("f", "Does f.", {"type": "object"}, nothing)
    function = {"name": "f", "description": "Does f.", "parameters": {"type": "object"}}

    assert described([tool]) == [{"type": "function", "function": function}]


@pytest.mark.parametrize(
    ("body", "text"),
    [
        ({"error": {"message": "a\n b"}}, "a b"),
        ({"error": "plain"}, "plain"),
        ({"error": {"message": 5}}, ""),
        ({"error": {"message": "x" * 999}}, "x" * 300),
        ({}, ""),
        ([], ""),
    ],
)
def test_an_error_is_one_short_line(body, text):
    assert error_text(body) == text


def test_a_refused_key_is_told_without_the_body():
    """Endpoints repeat the key in it."""
    error = refused(401, '{"error": {"message": "bad key sk-1"}}', "", "m")

    assert str(error) == "The model's endpoint refused the API key (HTTP 401)"
