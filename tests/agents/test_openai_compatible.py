"""The agent for OpenAI-compatible endpoints, against a real server on loopback."""

import asyncio
import json
import socket

import pytest

from goldenpath.agents import Tool, Turn, built_in_tools
from goldenpath.agents._base import agent_name, agent_note
from goldenpath.agents.openai_compatible import OpenAICompatibleAgent
from goldenpath.errors import AgentError, SettingsError
from tests.agents.context import RecordingContext
from tests.agents.endpoint import (
    Endpoint,
    Scripted,
    call,
    calls,
    delta,
    endpoint,
    event,
    said,
)

pytestmark = pytest.mark.anyio

KEY = "sk-very-secret-0123"


def agent_of(served: Endpoint, **options) -> OpenAICompatibleAgent:
    return OpenAICompatibleAgent(served.url, KEY, "tiny", **options)


async def failure(served: Endpoint, **options) -> tuple[AgentError, RecordingContext]:
    context = RecordingContext()
    with pytest.raises(AgentError) as caught:
        await context.follow(agent_of(served, **options), "Hello")
    return caught.value, context


async def test_it_says_who_it_is_without_the_key():
    agent = OpenAICompatibleAgent("https://api.example/v1/", KEY, "tiny")

    assert agent_name(agent) == "tiny"
    assert "api.example" in agent_note(agent)
    assert KEY not in agent_note(agent) + repr(agent)


async def test_the_conversation_is_sent_and_the_answer_streamed():
    history = [Turn("user", "Hi"), Turn("assistant", ""), Turn("assistant", "Hello")]
    context = RecordingContext(history=history)
    async with endpoint(said("Good", " day", "!")) as served:
        answer = await context.follow(
            agent_of(served, system="Be kind"), "How are you?"
        )

    assert answer == "Good day!"
    assert [text for _, text in context.of("text")] == ["Good", " day", "!"]
    headers, body = served.requests[0]
    assert served.paths == ["POST /v1/chat/completions HTTP/1.1"]
    assert headers["authorization"] == f"Bearer {KEY}"
    assert body["stream"] is True
    assert body["model"] == "tiny"
    assert "tools" not in body
    assert body["messages"] == [
        {"role": "system", "content": "Be kind"},
        {"role": "user", "content": "Hi"},
        {"role": "assistant", "content": "Hello"},
        {"role": "user", "content": "How are you?"},
    ]


async def test_an_endpoint_without_a_key_gets_none():
    async with endpoint(said("x")) as served:
        agent = OpenAICompatibleAgent(served.url, None, "tiny")
        await RecordingContext().follow(agent, "Hello")

    assert "authorization" not in served.requests[0][0]


async def test_the_oldest_turns_give_way():
    history = [Turn("user", "a" * 60), Turn("assistant", "b" * 60)]
    async with endpoint(said("x")) as served:
        agent = agent_of(served, history_characters=100)
        await RecordingContext(history=history).follow(agent, "Hello")

    assert [m["content"] for m in served.requests[0][1]["messages"]] == [
        "b" * 60,
        "Hello",
    ]


@pytest.mark.parametrize("size", [1, 2, 3, 7, 50])
@pytest.mark.parametrize("newline", [b"\n", b"\r\n"])
async def test_pieces_may_be_split_anywhere(size, newline):
    """A proxy cuts where it likes: in a word, a code point, or between two newlines."""
    script = said("Ελλη", "νικά 日本", "語 𝄞", "\n\ndata: x")
    whole = b": comment\n\n" + b"".join(script.pieces)
    whole = whole.replace(b"\n", newline)
    script.pieces = [whole[at : at + size] for at in range(0, len(whole), size)]
    context = RecordingContext()
    async with endpoint(script) as served:
        answer = await context.follow(agent_of(served), "Hello")

    assert answer == "Ελληνικά 日本語 𝄞\n\ndata: x"


@pytest.mark.parametrize("field", ["reasoning_content", "reasoning"])
async def test_reasoning_is_shown_as_thinking(field):
    script = Scripted([delta(**{field: "Hm"}), delta(content="Yes"), delta("stop")])
    context = RecordingContext()
    async with endpoint(script) as served:
        await context.follow(agent_of(served), "Hello")

    assert context.events == [("think", "Hm"), ("text", "Yes")]


async def test_usage_is_counted_over_all_rounds():
    def counted(script: Scripted, *counts: int) -> Scripted:
        usages = [
            event(
                {"choices": [], "usage": {"prompt_tokens": n, "completion_tokens": 1}}
            )
            for n in counts
        ]
        script.pieces = [*script.pieces[:-1], *usages, script.pieces[-1]]
        return script

    asked = calls(call("calculate", '{"expression": "1+1"}'))
    context = RecordingContext()
    # The second endpoint repeats a running total; only its last counts.
    async with endpoint(counted(asked, 10), counted(said("2"), 5, 20)) as served:
        await context.follow(agent_of(served, tools=built_in_tools()), "1+1?")

    assert context.used == {"input_tokens": 30, "output_tokens": 2}
    assert served.requests[0][1]["stream_options"] == {"include_usage": True}


async def test_a_tool_is_run_and_its_result_sent_back():
    pieces = [
        {"index": 0, "id": "c1", "function": {"name": "calculate", "arguments": ""}},
        {"index": 0, "function": {"arguments": '{"express'}},
        {"index": 1, "id": "c2", "function": {"name": "convert_units"}},
        {"index": 0, "function": {"arguments": 'ion": "6*7"}'}},
        {
            "index": 1,
            "function": {"arguments": '{"value":"1","source":"km","target":"m"}'},
        },
    ]
    context = RecordingContext()
    async with endpoint(calls(*pieces), said("42")) as served:
        agent = agent_of(served, tools=built_in_tools())
        answer = await context.follow(agent, "6*7?")

    assert answer == "42"
    assert context.kinds == ["executing", "completed", "executing", "completed", "text"]
    assert context.of("executing")[0] == (
        "executing",
        "calculate",
        {"expression": "6*7"},
    )
    assert context.of("completed")[0][2]["value"] == "42"
    first, second = (body for _, body in served.requests)
    assert first["tools"][0]["function"]["name"] == "calculate"
    asked, *results = second["messages"][-3:]
    assert [c["id"] for c in asked["tool_calls"]] == ["c1", "c2"]
    assert [r["tool_call_id"] for r in results] == ["c1", "c2"]
    assert json.loads(results[1]["content"]) == {"value": "1000", "unit": "m"}


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        (
            [
                {
                    "id": "a",
                    "function": {"name": "calculate", "arguments": {"expression": "1"}},
                }
            ],
            1,
        ),
        (
            [
                {"id": "a", "function": {"name": "calculate", "arguments": "{}"}},
                {"id": "b", "function": {"name": "calculate", "arguments": "{}"}},
            ],
            2,
        ),
        (
            [
                {"id": "a", "function": {"name": "calculate", "arguments": "{"}},
                {"function": {"arguments": "}"}},
            ],
            1,
        ),
        ([{"function": {"name": "calculate", "arguments": "{}"}}], 1),
    ],
)
async def test_calls_without_index_or_id_are_understood(pieces, expected):
    """Not every compatible endpoint streams calls as OpenAI does."""
    context = RecordingContext()
    async with endpoint(calls(*pieces), said("done")) as served:
        await context.follow(agent_of(served, tools=built_in_tools()), "Hello")

    assert len(context.of("executing")) == expected
    assert all(m["tool_call_id"] for m in served.requests[1][1]["messages"][-expected:])


@pytest.mark.parametrize(
    ("name", "arguments", "told"),
    [
        ("fly", "{}", "there is no tool 'fly'"),
        ("calculate", '{"expression": ', "no JSON"),
        ("calculate", "[1]", "no JSON object"),
        ("calculate", '{"wrong": "1"}', "missing a required argument"),
        ("calculate", '{"expression": 5}', "not of type 'string'"),
        ("calculate", '{"expression": "1/0"}', "division by zero"),
    ],
)
async def test_a_model_is_told_what_its_call_did_wrong(name, arguments, told):
    context = RecordingContext()
    async with endpoint(calls(call(name, arguments)), said("sorry")) as served:
        await context.follow(agent_of(served, tools=built_in_tools()), "Hello")

    assert context.answer == "sorry"
    assert told in context.of("completed")[0][3]
    assert told in served.requests[1][1]["messages"][-1]["content"]


async def test_a_bug_in_a_tool_ends_the_run():
    """A model cannot mend it, and must not be told what only the log should hold."""

    async def broken() -> None:
        raise KeyError("secret")

    tool = Tool("broken", "", {"type": "object", "properties": {}}, broken)
    async with endpoint(calls(call("broken", "{}"))) as served:
        with pytest.raises(KeyError):
            await RecordingContext().follow(agent_of(served, tools=[tool]), "Hello")


async def test_a_model_that_only_calls_tools_is_stopped():
    rounds = [calls(call("calculate", '{"expression": "1"}')) for _ in range(3)]
    async with endpoint(*rounds) as served:
        error, context = await failure(served, tools=built_in_tools(), max_rounds=2)

    assert "2 times" in str(error)
    assert len(context.of("executing")) == 2


@pytest.mark.parametrize(
    ("status", "body", "headers", "expected", "retryable"),
    [
        (
            401,
            {"error": {"message": f"bad key {KEY}"}},
            {},
            "refused the API key",
            False,
        ),
        (403, "", {}, "refused the API key", False),
        (404, {"error": {"message": "no model"}}, {}, "does not know 'tiny'", False),
        (429, "", {"retry-after": "7"}, "try again in 7 s", True),
        (429, "", {"retry-after": "Wed, 21 Oct"}, "a little later", True),
        (400, {"error": {"message": f"{KEY} too\nlong"}}, {}, "[key] too long", False),
        (400, {"error": "plain"}, {}, "HTTP 400: plain", False),
        (301, "", {"location": "http://x"}, "HTTP 301", False),
        (408, "", {}, "HTTP 408", True),
        (500, "<html>", {}, "HTTP 500", True),
        (503, [1], {}, "HTTP 503", True),
        (502, "x" * 200_000, {}, "HTTP 502", True),
    ],
)
async def test_a_status_is_told_in_words(status, body, headers, expected, retryable):
    text = body if isinstance(body, str) else json.dumps(body)
    script = Scripted([text.encode()] if text else [], status, headers)
    async with endpoint(script) as served:
        error, _ = await failure(served)

    assert expected in str(error)
    assert error.retryable is retryable
    assert KEY not in str(error)
    assert error.__suppress_context__


@pytest.mark.parametrize(
    ("pieces", "expected"),
    [
        ([event("{nonsense")], "no JSON"),
        ([event("[" * 100_000)], "no JSON"),
        ([event([1])], "a chunk is no object"),
        ([event({"choices": 5})], "'choices' is no list"),
        ([event({"choices": [5]})], "a choice is no object"),
        ([event({"choices": [{"delta": 5}]})], "a delta is no object"),
        ([delta(tool_calls={"a": 1})], "'tool_calls' is no list"),
        ([delta(tool_calls=[5])], "a tool call is no object"),
        ([delta(tool_calls=[{"index": n} for n in range(65)])], "more than 64"),
        (
            [delta(tool_calls=[call("f", "x" * 200_000)] * 2)],
            "arguments of a tool call do not end",
        ),
        ([event({"error": {"message": f"overloaded {KEY}"}})], "overloaded [key]"),
        ([delta(content="Half")], "broke off"),
        ([], "broke off"),
        ([delta("content_filter")], "withheld"),
        ([b"data: " + b"x" * 2_000_000], "sent no event stream|no JSON|broke off"),
    ],
)
async def test_a_malformed_stream_is_an_error_that_says_so(pieces, expected):
    async with endpoint(Scripted(pieces)) as served:
        error, _ = await failure(served)

    assert any(part in str(error) for part in expected.split("|"))
    assert KEY not in str(error)


async def test_an_answer_that_is_no_stream_is_an_error():
    script = Scripted([b"<html>"], headers={"content-type": "text/html"})
    async with endpoint(script) as served:
        error, _ = await failure(served)

    assert str(error) == "The model's endpoint sent no event stream"


async def test_a_stream_may_end_without_done():
    async with endpoint(Scripted([delta(content="Hi"), delta("stop")])) as served:
        assert await RecordingContext().follow(agent_of(served), "Hello") == "Hi"


async def test_an_answer_that_was_cut_says_so():
    context = RecordingContext()
    async with endpoint(Scripted([delta(content="Hi"), delta("length")])) as served:
        await context.follow(agent_of(served), "Hello")

    assert "token limit" in context.of("think")[0][1]


async def test_a_lost_connection_can_be_retried():
    async with endpoint(Scripted([delta(content="Half")], end="cut")) as served:
        error, context = await failure(served)

    assert str(error) == "The connection to the model's endpoint was lost"
    assert error.retryable
    assert context.answer == "Half"


async def test_an_endpoint_that_stalls_is_given_up():
    async with endpoint(Scripted([delta(content="Half")], end="stall")) as served:
        error, _ = await failure(served, timeout=0.3)
        await served.client_left.wait()

    assert str(error) == "The model's endpoint took too long"
    assert error.retryable


async def test_an_endpoint_that_is_not_there_can_be_retried():
    with socket.create_server(("127.0.0.1", 0)) as unused:
        port = unused.getsockname()[1]
    agent = OpenAICompatibleAgent(f"http://127.0.0.1:{port}/v1", KEY, "tiny")
    with pytest.raises(AgentError, match="cannot be reached") as caught:
        await RecordingContext().follow(agent, "Hello")

    assert caught.value.retryable


async def test_stopping_the_run_closes_the_connection():
    """Otherwise the endpoint goes on generating, at a price."""
    context = RecordingContext()
    async with endpoint(Scripted([delta(content="Half")], end="stall")) as served:
        running = asyncio.create_task(context.follow(agent_of(served), "Hello"))
        await served.sent_all.wait()
        running.cancel()
        with pytest.raises(asyncio.CancelledError):
            await running
        await served.client_left.wait()


@pytest.mark.parametrize(
    ("url", "key", "expected"),
    [
        ("ftp://x/v1", KEY, "no address of http"),
        ("not an address", KEY, "no address"),
        ("http://x:port/v1", KEY, "no address"),
        ("http://user:secret@x/v1", KEY, "holds no password"),
        ("http://user:secret@x:port/v1", KEY, "holds no password"),
        ("http://x/v1", "with space", "cannot be sent"),
        ("http://x/v1", "new\nline", "cannot be sent"),
        ("http://x/v1", "schlüssel", "cannot be sent"),
    ],
)
async def test_what_cannot_work_is_refused_at_the_start(url, key, expected):
    with pytest.raises(SettingsError, match=expected) as caught:
        OpenAICompatibleAgent(url, key, "tiny")

    assert key not in str(caught.value)
    assert "secret" not in str(caught.value)


async def test_two_tools_of_one_name_are_refused():
    tools = built_in_tools()
    with pytest.raises(SettingsError, match="same name"):
        OpenAICompatibleAgent("http://x/v1", KEY, "tiny", tools=[*tools, tools[0]])
