"""The TypeScript library in Node: a third client, beside the page and Python's."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from tests.browser.conftest import StartServer
from tests.node.conftest import RunNode
from tests.support.browser import NAME
from tests.support.server import PASSWORD

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]


def test_a_third_client_walks_the_golden_path(
    start_server: StartServer, library: Path, node_modules: Path, run_node: RunNode
) -> None:
    """Log in, ticket, hello, send, watch, lose the connection, resume, compare."""
    server = start_server()
    arguments = (str(library), str(node_modules / "ws"), server.url, NAME, PASSWORD)
    seen = run_node("third_client.mjs", *arguments)

    assert seen["user"] == NAME
    assert "36" in seen["answers"][0]
    assert seen["answers"][1].startswith(seen["grewFrom"])
    assert "is over" in seen["answers"][1]
    assert "42" in seen["answers"][2]
    assert seen["sockets"] == 2
    assert seen["subprotocols"] == ["goldenpath.v1"]
    assert seen["states"] == [
        "connecting", "hello_sent", "live", "backoff", "connecting", "hello_sent",
        "live",
    ]  # fmt: skip
    assert seen["places"] == [True, True, True]
    assert seen["unsent"] == 0
    # What it holds after the cut is what anybody reads who was never cut off.
    assert seen["items"] == seen["stored"]
    assert len(seen["items"]) == 6
    assert server.errors() == []


@pytest.mark.parametrize(
    ("url", "is_allowed"),
    [
        ("ws://chat.example.com/ws", False),
        ("ws://192.168.0.7:8000/ws", False),
        ("ws://127.0.0.1.example.com/ws", False),
        ("ws://localhost@example.com/ws", False),
        ("wss://chat.example.com/ws", True),
        ("ws://localhost:8000/ws", True),
        ("ws://127.0.0.1:8000/ws", True),
        ("ws://[::1]:8000/ws", True),
    ],
)
def test_s59_the_typescript_client_refuses_to_be_overheard(
    library: Path,
    run_node: RunNode,
    url: str,
    is_allowed: bool,
    observe: Callable[..., None],
) -> None:
    """What is said over plain `ws://` can be read by everybody on the way."""
    made = run_node("make_client.mjs", str(library), url)

    assert made["made"] is is_allowed
    assert is_allowed or "not encrypted" in made["why"]
    assert made["opened"] == 0
    observe("S59", ours="an unencrypted address of another machine was refused")
