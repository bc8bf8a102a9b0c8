"""Each code that the page about errors names is provoked, in each place it names."""

import asyncio
import re
import time
from pathlib import Path

import argon2
import pytest
from starlette.testclient import TestClient

from goldenpath import Settings, WebSocketManager
from goldenpath.agents import ToolsAgent
from goldenpath.auth import Passwords, Users
from goldenpath.errors import StorageError
from goldenpath.protocol import SUBPROTOCOL
from goldenpath.storage import Database
from tests.docs.test_examples import leaving

PAGE = Path(__file__).parent.parent.parent / "docs" / "how-to" / "handle-errors.md"
TOLD = re.findall(
    r"^\| `(\w+)` \| (\d+|–) \| (yes|–) \|", PAGE.read_text("utf-8"), re.MULTILINE
)
PASSWORD = "a password for tests"
ANSWERS = ("result", "error")

pytestmark = pytest.mark.timeout(30)


@pytest.fixture
def manager(tmp_path):
    async def add(name: str) -> None:
        quick = argon2.PasswordHasher(time_cost=1, memory_cost=64, parallelism=1)
        async with Database(WebSocketManager.database_path(tmp_path)) as database:
            await Users(database, Passwords(quick)).add(name, PASSWORD, now=time.time())

    for name in ("ada", "bob"):
        asyncio.run(add(name))
    # What is used up stays used up, however slow the machine is.
    settings = Settings(
        data=tmp_path,
        login_attempts=2,
        login_refill_every=3600.0,
        frames_burst=20,
        frames_per_second=0.01,
    )
    return WebSocketManager(agent=ToolsAgent(), settings=settings)


def token_of(http: TestClient, name: str) -> dict[str, str]:
    login = http.post("/login", json={"name": name, "password": PASSWORD})
    http.cookies.clear()
    return {"Authorization": f"Bearer {login.cookies['goldenpath']}"}


def failing(error: Exception):
    async def fail(*_, **__):
        raise error

    return fail


def test_over_http(manager, monkeypatch) -> None:
    """A front end that waits for a code that never comes has dead code."""
    app = manager.asgi()
    early = TestClient(app).get("/readyz")
    with TestClient(app) as http:
        mine = token_of(http, "ada")
        wrong = {"name": "ada", "password": "wrong"}
        answers = [
            early,
            http.get("/threads"),
            http.get("/threads?limit=many", headers=mine),
            http.post(
                "/threads",
                json={},
                headers={"Cookie": f"goldenpath={mine['Authorization'][7:]}"},
            ),
            http.put("/threads", headers=mine),
            http.get("/threads/nobodys/history", headers=mine),
            http.post("/threads", content=b"a=b", headers=mine),
            http.post("/threads", json={"title": "x" * 20_000}, headers=mine),
            *(http.post("/login", json=wrong) for _ in range(3)),
        ]
        monkeypatch.setattr(manager._threads, "page", failing(RuntimeError("a bug")))
        answers.append(http.get("/threads", headers=mine))

    codes = {answer.json()["error"]["code"]: answer.status_code for answer in answers}
    assert codes == {code: int(status) for code, status, _ in TOLD if status != "–"}


def deep(levels: int) -> object:
    value: object = "the bottom"
    for _ in range(levels):
        value = [value]
    return value


def test_in_frames(manager, monkeypatch) -> None:
    with TestClient(manager.asgi()) as http:
        his = token_of(http, "bob")
        ticket = http.post("/ws/ticket", json={}, headers=his).json()["ticket"]
        headers = token_of(http, "ada")
        opened = http.websocket_connect(
            "/ws", subprotocols=[SUBPROTOCOL], headers=headers
        )
        with leaving(), opened as connection:
            codes = set()

            def ask(frame: str, **fields: object) -> dict:
                connection.send_json({"frame": frame, "id": "i", **fields})
                while (heard := connection.receive_json())["frame"] not in ANSWERS:
                    pass
                codes.add(heard.get("code"))
                return heard

            connection.send_json({"frame": "hello", "device": "test"})
            run = ask("send", client_message_id="m", text="Hello")["run"]
            ask("send", client_message_id="n", text="x" * 100_000)
            ask("answer", run=run, call="never asked", value=1)
            ask("answer", run=run, call="never asked", value=deep(99))
            ask("retry", run="nobodys")
            ask("authenticate", ticket=ticket)
            ask("authenticate", ticket=ticket)
            ask("dance")
            ask("cancel")
            monkeypatch.setattr(manager._threads, "cancel", failing(RuntimeError()))
            ask("cancel", run=run)
            monkeypatch.setattr(manager._threads, "cancel", failing(StorageError()))
            ask("cancel", run=run)
            for _ in range(40):
                ask("dance")

    assert codes - {None} == {code for code, _, is_sent in TOLD if is_sent == "yes"}
