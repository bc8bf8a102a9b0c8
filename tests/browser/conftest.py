"""A real server in a process of its own, and a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.support.browser import (
    FLAGS,
    NAMES,
    UNWANTED_FLAGS,
    Device,
    Listener,
    Server,
)

StartServer = Callable[..., Server]


# Not for the whole session: while Playwright runs, no other test can use asyncio.
@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(
            "NO BROWSER: the golden path was NOT tested in one; "
            f"install one of {', '.join(NAMES)} (Debian: apt install chromium)"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=found, args=FLAGS, ignore_default_args=UNWANTED_FLAGS
        )
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def start_server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[StartServer]:
    """Starts servers, one for each agent and settings, and ends them."""
    servers: dict[str, Server] = {}

    def start(agent: str = "tools", **settings: float) -> Server:
        name = f"{agent} {sorted(settings.items())}"
        if name not in servers:
            servers[name] = Server(
                tmp_path_factory.mktemp("data"),
                agent=agent,
                folder=Path(__file__).parent,
                settings=settings,
            )
            servers[name].start()
        return servers[name]

    yield start
    for server in servers.values():
        server.kill()


@pytest.fixture
def own_server(tmp_path: Path) -> Iterator[Server]:
    """A server that a test may end, freeze and start again."""
    server = Server(tmp_path)
    server.start()
    yield server
    server.kill()


@pytest.fixture
def server(start_server: StartServer) -> Server:
    """A server with the built-in tools."""
    return start_server()


@pytest.fixture
def visit(browser: Browser) -> Iterator[Callable[..., Device]]:
    """Makes devices that are logged in, and closes them."""
    devices: list[Device] = []

    def make(server: Server, *, logged_in: bool = True, **options: object) -> Device:
        options.setdefault("viewport", {"width": 1280, "height": 800})
        device = Device(browser.new_context(**options), server)  # type: ignore[arg-type]
        devices.append(device)
        if logged_in:
            device.log_in()
        return device

    yield make
    for device in devices:
        device.context.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()
