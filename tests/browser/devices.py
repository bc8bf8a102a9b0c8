"""A server, a listener and a browser's profile, as the browser tests need them."""

from __future__ import annotations

import contextlib
import os
import re
import signal
import socket
import subprocess
import sys
import threading
from pathlib import Path

import pytest
from playwright.sync_api import (
    BrowserContext,
    ConsoleMessage,
    Page,
    expect,
)

NAME, PASSWORD = "alice", "correct horse battery"
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
# The page's own limit for a connection that is lost is 30 s; nothing here waits so
# long, but a busy machine may take a while.
expect.set_options(timeout=40_000)


class Server:
    """`goldenpath serve` on a port that stays the same when it starts again."""

    def __init__(self, data: Path, agent: str) -> None:
        self._data = data
        self._agent = agent
        self._process: subprocess.Popen[str] | None = None
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.url = f"http://127.0.0.1:{self.port}/"

    def add_user(self) -> None:
        """Make the user whom all tests log in as."""
        subprocess.run(
            self._command("users", "add", NAME, "--password-stdin"),
            input=PASSWORD,
            text=True,
            check=True,
            capture_output=True,
        )

    def start(self) -> None:
        """Start, and wait until it says that it serves."""
        command = self._command(
            "serve", "--port", str(self.port), "--agent", self._agent
        )
        environment = os.environ | {"PYTHONPATH": str(Path(__file__).parent)}
        with (self._data / "server.log").open("a") as log:
            self._process = subprocess.Popen(
                command,
                stdout=subprocess.PIPE,
                stderr=log,
                text=True,
                env=environment,
            )
        assert self._process.stdout is not None
        for line in self._process.stdout:
            if "serves" in line:
                return
        self.end()
        pytest.fail(f"no server: {(self._data / 'server.log').read_text()}")

    def end(self, how: signal.Signals = signal.SIGKILL) -> None:
        """End it, gently or not."""
        if self._process is not None:
            self._process.send_signal(how)
            self._process.wait(timeout=20)
            if self._process.stdout is not None:
                self._process.stdout.close()
            self._process = None

    def _command(self, *arguments: str) -> list[str]:
        return [
            sys.executable,
            "-m",
            "goldenpath",
            *arguments,
            "--data",
            str(self._data),
        ]


class Listener:
    """Counts who connects; for requests that must not be made."""

    def __init__(self) -> None:
        self.requests: list[bytes] = []
        self._socket = socket.create_server(("127.0.0.1", 0))
        self.url = f"http://127.0.0.1:{self._socket.getsockname()[1]}"
        self._thread = threading.Thread(target=self._listen, daemon=True)
        self._thread.start()

    def _listen(self) -> None:
        while True:
            try:
                connection, _ = self._socket.accept()
            except OSError:
                return
            with connection:
                self.requests.append(connection.recv(200))

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

    def open(self, path: str = "") -> Page:
        """Open a page in a new tab."""
        page = self.context.new_page()
        page.on("console", self._said)
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.goto(self.server.url + path)
        return page

    def log_in(self, page: Page) -> None:
        """Log in on the page that is open."""
        page.get_by_label("Name").fill(NAME)
        page.get_by_label("Password").fill(PASSWORD)
        page.get_by_role("button", name="Sign in").click()
        expect(page.get_by_text("Connected", exact=True)).to_be_visible()

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
