"""What somebody has in front of them: a browser's profile, a tab, another device."""

import asyncio
import contextlib
import json
import os
import re
import signal
import socket
import threading
import time
import urllib.request
from collections.abc import AsyncIterator, Awaitable, Callable, Coroutine, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import AbstractAsyncContextManager
from typing import Any, Generic, Self, TypeVar

from playwright.sync_api import (
    Browser,
    BrowserContext,
    CDPSession,
    ConsoleMessage,
    Locator,
    Page,
    expect,
)

from goldenpath.client import Client, HTTPClient
from goldenpath.protocol._frames import AnyServerFrame, Ping
from tests.support.server import ServerProcess, make_users

NAME = "alice"
NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
# Playwright would keep hidden tabs awake and throw left pages away: both are tested.
UNWANTED_FLAGS = [
    "--disable-back-forward-cache",
    "--disable-background-timer-throttling",
    "--disable-backgrounding-occluded-windows",
    "--disable-renderer-backgrounding",
]
# What a browser says of a server that is not there; the page says it in its words.
IS_DOWN = r"WebSocket connection|ERR_CONNECTION|Failed to load resource"
WITHIN = 40.0
# The page's own limit for a connection that is lost is 30 s; nothing here waits so
# long, but a busy machine may take a while.
expect.set_options(timeout=WITHIN * 1000)

Heard = Callable[[AnyServerFrame], None]
T = TypeVar("T")
V = TypeVar("V")


def aside(work: Callable[[], Awaitable[T]]) -> T:
    """Run a coroutine in a thread: Playwright has the loop of this one."""

    async def bounded() -> T:
        async with asyncio.timeout(WITHIN):
            return await work()

    with ThreadPoolExecutor(max_workers=1) as pool:
        return pool.submit(lambda: asyncio.run(bounded())).result()


class Aside(Generic[T]):
    """Something that needs a loop of its own, in a thread of its own.

    ::

        with Aside(FaultProxy(port)) as aside:
            aside.call(aside.it.cut)
    """

    def __init__(self, it: AbstractAsyncContextManager[T]) -> None:
        self._entering = it
        self._loop = asyncio.new_event_loop()
        self._thread = threading.Thread(target=self._loop.run_forever)

    def __enter__(self) -> Self:
        self._thread.start()
        self.it = self._run(self._entering.__aenter__())
        return self

    def __exit__(self, *error: object) -> None:
        self._run(self._entering.__aexit__(*error))
        self._loop.call_soon_threadsafe(self._loop.stop)
        self._thread.join()
        self._loop.close()

    def call(self, method: Callable[..., object], *arguments: object) -> None:
        """Call a method of it where it lives."""

        async def called() -> None:
            method(*arguments)

        self._run(called())

    def _run(self, work: Coroutine[Any, Any, V]) -> V:
        return asyncio.run_coroutine_threadsafe(work, self._loop).result(WITHIN)


def wait_until(is_true: Callable[[], object], what: str) -> None:
    """Wait for something that nobody announces."""
    deadline = time.monotonic() + WITHIN
    while not is_true():
        assert time.monotonic() < deadline, f"in vain: {what}"
        time.sleep(0.02)


class Server(ServerProcess):
    """``goldenpath serve``, for tests that are no coroutines."""

    token = ""

    def start(self) -> None:
        """Start, and wait until it is ready."""
        if not self.token:
            self.token = aside(lambda: make_users(self.data, NAME))[NAME]
        super().start()
        wait_until(self._is_ready, "a server that is ready")

    def _is_ready(self) -> bool:
        assert self.process is not None
        assert self.process.poll() is None, self.log()
        try:
            urllib.request.urlopen(f"{self.url}/readyz", timeout=5).close()
        except OSError:
            return False
        return True

    def end(self, how: signal.Signals = signal.SIGTERM) -> None:
        """End it, gently or not, and wait until it is gone."""
        assert self.process is not None
        self.send_signal(how)
        self.process.wait(WITHIN)


class Listener:
    """Counts who connects; for requests that must not be made."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        # Another site than the server's, which is called by its number.
        self.host = f"localhost:{self._socket.getsockname()[1]}"
        self.url = f"http://{self.host}"
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.requests.append(connection.recv(4096))

    def wait_request(self) -> bytes:
        """Wait until somebody has connected; return what they asked for first."""
        wait_until(lambda: self.requests, "a request")
        return self.requests[0]

    def close(self) -> None:
        """Stop listening."""
        # A close alone does not wake an accept.
        with contextlib.suppress(OSError):
            self._socket.shutdown(socket.SHUT_RDWR)
        self._socket.close()
        self._thread.join(timeout=5)


class Device:
    """A browser's profile, and what went wrong on its pages."""

    def __init__(self, context: BrowserContext, server: Server) -> None:
        self.context = context
        self.server = server
        self.complaints: list[str] = []

    def log_in(self) -> None:
        """Bring the cookie that a login gives."""
        self.context.add_cookies(
            [
                {
                    "name": "goldenpath",
                    "value": self.server.token,
                    "url": self.server.url,
                }
            ]
        )

    def open(self, path: str = "") -> Page:
        """Open a page in a new tab."""
        page = self.context.new_page()
        self.listen(page)
        page.goto(f"{self.server.url}/{path}")
        return page

    def listen(self, page: Page) -> None:
        """Note what a page complains of."""
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))

    def _said(self, message: ConsoleMessage) -> None:
        if message.type in ("error", "warning"):
            self.complaints.append(f"{message.text} {message.location}")

    def is_content(self, *allowed: str) -> None:
        """Check that nobody complained, except about what the test did."""
        assert [
            one
            for one in self.complaints
            if not any(re.search(pattern, one) for pattern in allowed)
        ] == []


class Frames:
    """The frames of a page's connections, as they pass."""

    def __init__(self, page: Page) -> None:
        self._page = page
        self.opened = 0
        self.closed = 0
        #: Since the first was opened.
        self.fewest_open = 1
        self.received: list[dict[str, Any]] = []
        self.sent: list[dict[str, Any]] = []
        page.on("websocket", self._opened)

    def _opened(self, websocket: Any) -> None:
        self.opened += 1
        websocket.on("framereceived", lambda data: self.received.append(_read(data)))
        websocket.on("framesent", lambda data: self.sent.append(_read(data)))
        websocket.on("close", self._closed)

    def _closed(self, _: object) -> None:
        self.closed += 1
        self.fewest_open = min(self.fewest_open, self.opened - self.closed)

    def wait_for(self, is_true: Callable[[Self], object], what: str) -> None:
        """Wait until something holds of them."""
        # Only what is asked of a page lets Playwright read what came.
        wait_until(
            lambda: is_true(self) or self._page.wait_for_timeout(10), f"frames: {what}"
        )

    def sent_of(self, kind: str) -> list[dict[str, Any]]:
        """Return what the page sent of a kind."""
        return [frame for frame in self.sent if frame["frame"] == kind]


def _read(data: str | bytes) -> dict[str, Any]:
    frame: dict[str, Any] = json.loads(data)
    return frame


class HiddenTab:
    """A tab of a browser that nobody looks at, or looks at again.

    Playwright makes every page that it knows of believe that it is looked at, so this
    one is not known to it.
    """

    def __init__(self, browser: Browser, server: Server, script: str) -> None:
        self._cdp: CDPSession = browser.new_browser_cdp_session()
        self._answers: dict[int, dict[str, Any]] = {}
        self._count = 0
        self.frames: list[tuple[str, dict[str, Any]]] = []
        self.opened = 0
        self._cdp.on("Target.receivedMessageFromTarget", self._heard)
        made = self._cdp.send("Target.createBrowserContext")
        self._context = {"browserContextId": made["browserContextId"]}
        cookie = {"name": "goldenpath", "value": server.token, "url": server.url}
        self._cdp.send("Storage.setCookies", {"cookies": [cookie], **self._context})
        self._target = self._open("about:blank")
        attached = self._cdp.send("Target.attachToTarget", {"targetId": self._target})
        self._session = attached["sessionId"]
        self._ask("Network.enable")
        self._ask("Page.enable")
        self._ask("Page.addScriptToEvaluateOnNewDocument", source=script)
        self._ask("Page.navigate", url=server.url)

    def hide(self) -> None:
        """Look at another tab of the same window."""
        self._cdp.send("Target.activateTarget", {"targetId": self._open("about:blank")})
        self.wait_until("document.visibilityState === 'hidden'")

    def show(self) -> None:
        """Look at this one again."""
        self._cdp.send("Target.activateTarget", {"targetId": self._target})
        self.wait_until("document.visibilityState === 'visible'")

    def evaluate(self, expression: str) -> Any:
        """Return what an expression gives there."""
        answer = self._ask(
            "Runtime.evaluate", expression=expression, returnByValue=True
        )
        assert "exceptionDetails" not in answer, answer
        return answer["result"].get("value")

    def wait_until(self, expression: str) -> None:
        """Wait until an expression is true there."""
        wait_until(lambda: self.evaluate(expression), expression)

    def close(self) -> None:
        """Forget it, and what it opened."""
        self._cdp.send("Target.disposeBrowserContext", self._context)
        self._cdp.detach()

    def _open(self, url: str) -> str:
        made = self._cdp.send("Target.createTarget", {"url": url, **self._context})
        target: str = made["targetId"]
        return target

    def _ask(self, method: str, **parameters: object) -> Any:
        self._count += 1
        number = self._count
        message = json.dumps({"id": number, "method": method, "params": parameters})
        self._cdp.send(
            "Target.sendMessageToTarget",
            {"sessionId": self._session, "message": message},
        )
        # Whatever is asked of the browser lets Playwright read what came.
        wait_until(
            lambda: self._cdp.send("Browser.getVersion") and number in self._answers,
            f"an answer to {method}",
        )
        answer = self._answers.pop(number)
        assert "error" not in answer, answer
        return answer["result"]

    def _heard(self, event: dict[str, Any]) -> None:
        message = json.loads(event["message"])
        if "id" in message:
            self._answers[message["id"]] = message
            return
        method, parameters = message["method"], message["params"]
        if method == "Network.webSocketCreated":
            self.opened += 1
        elif method in (
            "Network.webSocketFrameReceived",
            "Network.webSocketFrameSent",
        ):
            way = "received" if method.endswith("Received") else "sent"
            with contextlib.suppress(ValueError):
                data = parameters["response"]["payloadData"]
                self.frames.append((way, json.loads(data)))

    def count(self, way: str, kind: str) -> int:
        """Return how many frames of a kind went a way."""
        self._cdp.send("Browser.getVersion")
        return sum(frame.get("frame") == kind for w, frame in self.frames if w == way)


@contextlib.contextmanager
def asleep(browser: Browser) -> Iterator[None]:
    """Stop all processes of a browser, as a laptop does whose lid is closed."""
    cdp = browser.new_browser_cdp_session()
    processes = [
        one["id"] for one in cdp.send("SystemInfo.getProcessInfo")["processInfo"]
    ]
    cdp.detach()
    try:
        for process in processes:
            os.kill(process, signal.SIGSTOP)
        yield
    finally:
        for process in processes:
            os.kill(process, signal.SIGCONT)


@contextlib.asynccontextmanager
async def phone(server: Server, heard: Heard | None = None) -> AsyncIterator[Client]:
    """A device of the same person that is no browser."""
    async with HTTPClient(server.url, within=WITHIN) as http:
        http.token = server.token
        async with Client(http, heard=heard) as client:
            yield client


def say(server: Server, text: str, *, thread: str | None = None) -> str:
    """Send a message from another device, wait for its answer; return its thread."""

    async def work() -> str:
        async with phone(server) as client:
            sent = await client.send(text, thread=thread)
            assert await client.wait_run_ended(sent) == "completed"
            assert sent.thread is not None
            return sent.thread

    return aside(work)


def wait_pings(server: Server, count: int) -> None:
    """Let so much of the server's time pass, as it measures it."""
    heard: list[AnyServerFrame] = []

    async def work() -> None:
        async with phone(server, heard.append) as client:
            await client.wait_for(
                lambda: sum(isinstance(frame, Ping) for frame in heard) >= count
            )

    aside(work)


# What is on a page.


def composer(page: Page) -> Locator:
    """Where messages are written."""
    return page.get_by_role("textbox", name="Message")


def ask(page: Page, text: str) -> None:
    """Write a message and send it."""
    composer(page).fill(text)
    composer(page).press("Enter")


def runs(page: Page) -> Locator:
    """The answers."""
    return page.locator(".run")


def shown(page: Page) -> list[str]:
    """Return everything that was said, as text."""
    return page.locator(".bubble, .prose, .ending").all_inner_texts()


def is_connected(page: Page) -> Locator:
    """The word for it."""
    return page.get_by_text("Connected", exact=True)
