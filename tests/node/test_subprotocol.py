"""F01: what is offered, what a server makes of it, and who connects in the end.

A browser is strict where Python's own client is not, so a server that selects nothing
has green tests and no users. Ours is asked by all three: it selects what it speaks, or
refuses and says what that is, and never names what was not offered.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser
from websockets.asyncio.client import connect
from websockets.exceptions import InvalidStatus, NegotiationError

from tests.browser.conftest import StartServer
from tests.node.conftest import RunNode
from tests.support.browser import aside
from tests.support.subprotocols import Stubborn

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]

V1 = "goldenpath.v1"
OFFERS: dict[str, list[str]] = {
    "ours": [V1],
    "ours among others": ["goldenpath.v9", V1],
    "only others": ["goldenpath.v9"],
    "nothing": [],
}
OPENED, REFUSED, FAILED = {"opened": V1}, {"refused": 400}, {}
WITHOUT: dict[str, str] = {"opened": ""}

# What becomes of the offers, in their order, by what the server selects.
STRICT = {
    "what it speaks": [OPENED, OPENED, REFUSED, REFUSED],
    "nothing": [FAILED, FAILED, FAILED, WITHOUT],
    "always the same": [OPENED, OPENED, FAILED, FAILED],
}
# Python's client connects although nothing was selected: its tests would be green.
LENIENT = STRICT | {"nothing": [WITHOUT, WITHOUT, WITHOUT, WITHOUT]}
# A page is not told why it could not connect.
BLIND = STRICT | {"what it speaks": [OPENED, OPENED, FAILED, FAILED]}


@pytest.fixture
def servers(start_server: StartServer) -> Iterator[dict[str, str]]:
    """Where a server is that selects as its name says."""
    silent, stubborn = Stubborn(None), Stubborn(V1)
    yield {
        "what it speaks": start_server().url.replace("http", "ws") + "/ws",
        "nothing": silent.url,
        "always the same": stubborn.url,
    }
    silent.close()
    stubborn.close()


def table(
    servers: dict[str, str], ask: Callable[[list[tuple[str, list[str]]]], list[Any]]
) -> dict[str, list[Any]]:
    """Ask each server with each offer."""
    tasks = [(url, offer) for url in servers.values() for offer in OFFERS.values()]
    answers = iter(ask(tasks))
    found = {name: [next(answers) for _ in OFFERS] for name in servers}
    for answer in found["what it speaks"]:
        # Whoever is refused and can read it, reads what would be spoken.
        assert V1 in answer.pop("body", V1)
    return found


@pytest.mark.browser
def test_f01_a_browser_connects_where_what_it_offered_was_selected(
    servers: dict[str, str], browser: Browser, observe: Callable[..., None]
) -> None:
    page = browser.new_page()

    def ask(tasks: list[tuple[str, list[str]]]) -> list[Any]:
        found: list[Any] = page.evaluate(
            """(tasks) => Promise.all(tasks.map(([url, offers]) =>
                new Promise((resolve) => {
                    const socket = new WebSocket(url, offers);
                    socket.onopen = () => resolve({ opened: socket.protocol });
                    socket.onerror = () => resolve({});
                })))""",
            tasks,
        )
        return found

    assert table(servers, ask) == BLIND
    observe(
        "F01",
        ours="browser, Node and Python connected, or were told the version to offer",
        naive="a browser never connected, while a client in Python was content",
    )


def test_f01_node_connects_where_what_it_offered_was_selected(
    servers: dict[str, str], run_node: RunNode, node_modules: Path
) -> None:
    def ask(tasks: list[tuple[str, list[str]]]) -> list[Any]:
        found: list[Any] = run_node(
            "offers.mjs", str(node_modules / "ws"), json.dumps(tasks)
        )
        return found

    assert table(servers, ask) == STRICT


def test_f01_python_connects_although_nothing_was_selected(
    servers: dict[str, str],
) -> None:
    async def open_one(url: str, offer: list[str]) -> dict[str, Any]:
        try:
            async with connect(
                url,
                subprotocols=offer or None,  # type: ignore[arg-type]
                proxy=None,
                close_timeout=0,
            ) as websocket:
                return {"opened": websocket.subprotocol or ""}
        except InvalidStatus as error:
            body = (error.response.body or b"").decode()
            return {"refused": error.response.status_code, "body": body}
        except NegotiationError:
            return {}

    def ask(tasks: list[tuple[str, list[str]]]) -> list[Any]:
        async def all_of_them() -> list[Any]:
            return [await open_one(url, offer) for url, offer in tasks]

        return aside(all_of_them)

    assert table(servers, ask) == LENIENT
