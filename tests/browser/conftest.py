"""A real server in a process of its own, and a real browser."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator

import pytest
from playwright.sync_api import Browser, sync_playwright

from tests.browser.devices import FLAGS, NAMES, Device, Listener, Server


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    found = next((path for name in NAMES if (path := shutil.which(name))), None)
    if found is None:
        pytest.skip(
            "NO BROWSER: the golden path was NOT tested in one; "
            f"install one of {', '.join(NAMES)} (Debian: apt install chromium)"
        )
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=FLAGS)
        yield browser
        browser.close()


@pytest.fixture(scope="module")
def start_server(
    tmp_path_factory: pytest.TempPathFactory,
) -> Iterator[Callable[[str], Server]]:
    """Starts servers, one for each agent, and ends them."""
    servers: dict[str, Server] = {}

    def start(agent: str) -> Server:
        if agent not in servers:
            server = Server(tmp_path_factory.mktemp("data"), agent)
            server.add_user()
            server.start()
            servers[agent] = server
        return servers[agent]

    yield start
    for server in servers.values():
        server.end()


@pytest.fixture
def server(start_server: Callable[[str], Server]) -> Server:
    """A server with the built-in tools."""
    return start_server("tools")


@pytest.fixture
def echo_server(start_server: Callable[[str], Server]) -> Server:
    """A server whose agent says what it was told."""
    return start_server("echo_agent:echo")


@pytest.fixture(scope="module")
def sessions() -> dict[str, object]:
    """Cookies, by server: logging in is slow on purpose."""
    return {}


@pytest.fixture
def visit(
    browser: Browser, sessions: dict[str, object]
) -> Iterator[Callable[..., Device]]:
    """Makes devices that are logged in, and closes them."""
    devices: list[Device] = []

    def make(server: Server, *, logged_in: bool = True, **options: object) -> Device:
        options.setdefault("viewport", {"width": 1280, "height": 800})
        if logged_in and server.url in sessions:
            options["storage_state"] = sessions[server.url]
        device = Device(browser.new_context(**options), server)  # type: ignore[arg-type]
        devices.append(device)
        if logged_in and server.url not in sessions:
            page = device.open()
            device.log_in(page)
            sessions[server.url] = device.context.storage_state()
            page.close()
        return device

    yield make
    for device in devices:
        device.context.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener()
    yield listener
    listener.close()
