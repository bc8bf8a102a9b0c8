"""What the README and the examples show answers, over a real connection."""

import asyncio
import concurrent.futures
import contextlib
import json
import socket
import time
from collections.abc import AsyncIterator
from pathlib import Path

import argon2
import pytest
import uvicorn
from starlette.applications import Starlette
from starlette.requests import Request
from starlette.responses import StreamingResponse
from starlette.routing import Route
from starlette.testclient import TestClient, WebSocketTestSession
from starlette.websockets import WebSocketDisconnect

from goldenpath import Agent, Settings, WebSocketManager
from goldenpath.auth import Passwords, Users
from goldenpath.cli._agents import choose_agent
from goldenpath.client import Client, HTTPClient
from goldenpath.errors import RefusedError
from goldenpath.protocol import SUBPROTOCOL, CloseCode
from goldenpath.storage import Database

ROOT = Path(__file__).parent.parent.parent
NAME, PASSWORD = "ada", "a password for tests"

pytestmark = pytest.mark.timeout(30)


async def add_user(data: Path) -> None:
    quick = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
    async with Database(WebSocketManager.database_path(data)) as database:
        await Users(database, Passwords(quick)).add(NAME, PASSWORD, now=time.time())


@contextlib.asynccontextmanager
async def served(app: object) -> AsyncIterator[str]:
    """Serve an application on a free port; give its address."""
    listening = socket.create_server(("127.0.0.1", 0))
    server = uvicorn.Server(
        uvicorn.Config(
            app,
            ws="websockets-sansio",
            ws_ping_interval=None,
            log_config=None,
            timeout_graceful_shutdown=2,
        )
    )
    task = asyncio.create_task(server.serve(sockets=[listening]))
    # uvicorn has no event for it.
    while not (server.started or task.done()):  # noqa: ASYNC110
        await asyncio.sleep(0.005)
    try:
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
    finally:
        server.should_exit = True
        await task


@contextlib.asynccontextmanager
async def device(url: str) -> AsyncIterator[Client]:
    async with HTTPClient(url) as http:
        await http.login(NAME, PASSWORD)
        async with Client(http) as client:
            await client.wait_live()
            yield client


@contextlib.asynccontextmanager
async def talking_to(agent: Agent, data: Path) -> AsyncIterator[Client]:
    await add_user(data)
    manager = WebSocketManager(agent=agent, settings=Settings(data=data))
    async with served(manager.asgi()) as url, device(url) as client:
        yield client


@pytest.fixture
def chosen(monkeypatch):
    """Return what `goldenpath serve --agent` finds in a checkout."""

    def choose(name: str) -> Agent:
        monkeypatch.chdir(ROOT)
        monkeypatch.syspath_prepend(str(ROOT))
        module = name.partition(":")[0]
        monkeypatch.delitem(__import__("sys").modules, module, raising=False)
        return choose_agent(name)[0]

    return choose


def readme_blocks() -> list[str]:
    text = (ROOT / "README.md").read_text("utf-8")
    return [part.partition("```")[0] for part in text.split("```python\n")[1:]]


def read_to_the_end(connection: WebSocketTestSession) -> None:
    while True:
        connection.receive_text()


def leaving() -> contextlib.AbstractContextManager[None]:
    """Bear what the test client raises when it leaves.

    In Python 3.11 and 3.12 a task group that a child's error ended leaves a
    cancellation counted on its task, which the test client takes for its own.
    """
    return contextlib.suppress(concurrent.futures.CancelledError)


def test_the_smallest_program_serves(tmp_path, monkeypatch) -> None:
    """It is what everybody tries first."""
    monkeypatch.chdir(tmp_path)
    asyncio.run(add_user(Path("goldenpath-data")))
    program: dict[str, object] = {}
    exec(readme_blocks()[0], program)

    with TestClient(program["app"]) as http:
        page = http.get("/login")
        login = http.post("/login", json={"name": NAME, "password": PASSWORD})
        token = {"Authorization": f"Bearer {login.cookies['goldenpath']}"}
        http.cookies.clear()
        opened = http.websocket_connect(
            "/ws", subprotocols=[SUBPROTOCOL], headers=token
        )
        with leaving(), opened as connection:
            connection.send_json({"frame": "hello", "device": "test"})
            connection.send_json(
                {"frame": "send", "id": "1", "client_message_id": "1", "text": "Hello"}
            )
            while (frame := connection.receive_json())["frame"] != "result":
                pass
            connection.send_json(
                {"frame": "subscribe", "id": "2", "thread": frame["thread"]}
            )
            text = ""
            while "You said: Hello" not in text:
                text += connection.receive_text()
            http.post("/logout", headers=token)
            with pytest.raises(WebSocketDisconnect) as closed:
                read_to_the_end(connection)

    assert closed.value.code == CloseCode.SESSION_ENDED
    assert page.status_code == 200
    assert page.headers["content-type"].startswith("text/html")


@pytest.mark.anyio
async def test_the_agent_of_the_readme_answers(tmp_path) -> None:
    program: dict[str, object] = {}
    exec(readme_blocks()[1], program)

    async with talking_to(program["agent"], tmp_path) as client:
        sent = await client.send("one two three")
        state = await client.wait_run_ended(sent)
        answer = client.replica(sent.thread).transcript.text_of(sent.run)

    assert (state, answer) == ("completed", "That is 3 words.")


@pytest.mark.anyio
async def test_the_fastapi_example_answers_beside_its_own_routes(
    tmp_path, monkeypatch
) -> None:
    monkeypatch.syspath_prepend(str(ROOT))
    monkeypatch.chdir(tmp_path)
    monkeypatch.delitem(
        __import__("sys").modules, "examples.fastapi_app", raising=False
    )
    await add_user(Path("goldenpath-data"))
    from examples.fastapi_app import app

    async with served(app) as url, device(f"{url}/chat") as client:
        sent = await client.send("Hello")
        await client.wait_run_ended(sent)
        again = await client.send("Hello again", thread=sent.thread)
        state = await client.wait_run_ended(again)
        answer = client.replica(sent.thread).transcript.text_of(again.run)

    assert state == "completed"
    assert answer == (
        "ada, you said: Hello again\n\nBefore that you wrote 1 messages here."
    )


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("choice", "end"), [("Yes", "It is on its way."), ("No", "Nothing was ordered.")]
)
async def test_the_example_of_an_own_agent_asks_and_orders(
    tmp_path, chosen, choice, end
) -> None:
    agent = chosen("examples.own_agent:agent")
    async with talking_to(agent, tmp_path) as client:
        sent = await client.send("two coffees and a tea")
        replica = client.replica(sent.thread)

        def asked() -> list[str]:
            parts = [p for item in replica.transcript.items for p in parts_of(item)]
            return [p.call for p in parts if getattr(p, "state", "") == "open"]

        await client.wait_for(lambda: bool(asked()))
        await client.answer(sent.run, asked()[0], choice)
        state = await client.wait_run_ended(sent)
        answer = replica.transcript.text_of(sent.run)

    assert state == "completed"
    assert answer == f"That is 2 coffee, 1 tea, **8.00** together.\n\n{end}"


def parts_of(item: object) -> list:
    return getattr(item, "parts", [])


@pytest.mark.anyio
async def test_the_example_of_an_own_agent_says_why_it_fails(tmp_path, chosen) -> None:
    agent = chosen("examples.own_agent:agent")
    async with talking_to(agent, tmp_path) as client:
        sent = await client.send("an elephant")
        state = await client.wait_run_ended(sent)
        run = client.replica(sent.thread).transcript.items[-1]

    assert state == "failed"
    assert "coffee, tea, cake" in run.error


@pytest.mark.anyio
async def test_the_example_of_a_model_calls_its_tool(
    tmp_path, chosen, monkeypatch
) -> None:
    asked = []

    def chunk(delta: dict, finish: str | None = None) -> str:
        choice = {"index": 0, "delta": delta, "finish_reason": finish}
        return f"data: {json.dumps({'choices': [choice]})}\n\n"

    async def completions(request: Request) -> StreamingResponse:
        asked.append(await request.json())
        if len(asked) == 1:
            function = {"name": "look_up_stock", "arguments": '{"item": "coffee"}'}
            call = {"index": 0, "id": "c1", "type": "function", "function": function}
            said = [chunk({"tool_calls": [call]}), chunk({}, "tool_calls")]
        else:
            said = [chunk({"content": "There are "}), chunk({"content": "12."}, "stop")]
        stream = iter([*said, "data: [DONE]\n\n"])
        return StreamingResponse(stream, media_type="text/event-stream")

    endpoint = Starlette(
        routes=[Route("/v1/chat/completions", completions, methods=["POST"])]
    )
    async with served(endpoint) as url:
        monkeypatch.setenv("MODEL_URL", f"{url}/v1")
        agent = chosen("examples.openai_agent:agent")
        async with talking_to(agent, tmp_path) as client:
            sent = await client.send("How much coffee is there?")
            state = await client.wait_run_ended(sent)
            answer = client.replica(sent.thread).transcript.text_of(sent.run)

    assert (state, answer) == ("completed", "There are 12.")
    assert '"in_stock":12' in asked[1]["messages"][-1]["content"].replace(" ", "")


@pytest.mark.anyio
async def test_somebody_else_sees_nothing_of_a_thread(tmp_path, chosen) -> None:
    """The README says that a thread is read by its owner only."""
    agent = chosen("examples.own_agent:agent")
    async with talking_to(agent, tmp_path) as mine:
        sent = await mine.send("an elephant")
        quick = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        async with Database(WebSocketManager.database_path(tmp_path)) as database:
            await Users(database, Passwords(quick)).add("eve", PASSWORD, now=1.0)
        async with HTTPClient(mine.http.url) as http:
            await http.login("eve", PASSWORD)
            async with Client(http) as theirs:
                await theirs.wait_live()
                with pytest.raises(RefusedError) as by_following:
                    await theirs.follow(sent.thread)
                with pytest.raises(RefusedError) as by_sending:
                    await theirs.send("hello", thread=sent.thread)
            with pytest.raises(RefusedError) as by_reading:
                await http.history(sent.thread)

    refusals = (by_following, by_sending, by_reading)
    assert [refused.value.code for refused in refusals] == ["not_found"] * 3
