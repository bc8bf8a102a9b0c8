"""The real server as a process of its own: started, stopped, frozen, killed."""

import asyncio
import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path
from typing import Any

import argon2

from goldenpath import Settings, WebSocketManager
from goldenpath.auth._passwords import Passwords
from goldenpath.auth._sessions import Sessions
from goldenpath.auth._users import Users
from goldenpath.client import HTTPClient
from goldenpath.storage import Database

_HASTY = Path(__file__).with_name("hasty.py")
PASSWORD = "a-long-enough-password"
# Hashing passwords is not the point of most tests.
_CHEAP = argon2.PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)


async def make_users(data: Path, *names: str) -> dict[str, str]:
    """Make users in a data folder, logged in; return a session token for each."""
    tokens = {}
    async with Database(WebSocketManager.database_path(data)) as database:
        users = Users(database, Passwords(_CHEAP))
        sessions = Sessions(database, lasts=Settings().session_lasts)
        for name in names:
            user = await users.add(name, PASSWORD, now=time.time())
            opened = await sessions.create(
                user.id, password_hash=user.password_hash, now=time.time()
            )
            assert opened is not None  # nobody disables them meanwhile
            tokens[name] = opened[0]
    return tokens


def free_port() -> int:
    """Return a port that nothing listens on now."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port: int = free.getsockname()[1]
        return port


class ServerProcess:
    """``goldenpath serve`` on one data folder and one port, as often as wanted.

    Args:
        data: Folder of the database; the log of the process is written there too.
        port: Port to listen on; None takes a free one and keeps it.
        agent: What ``--agent`` gets; ``module:function`` is looked for in ``folder``.
        folder: Where the process runs.
        arguments: Further ones for ``serve``.
        settings: Those that a test cannot wait for as they are; the server's own
            are under ``limits``.
        environment: Added to this process's own.
        log_level: What it writes to its log.
    """

    def __init__(
        self,
        data: Path,
        *,
        port: int | None = None,
        agent: str = "tools",
        folder: Path | None = None,
        arguments: tuple[str, ...] = (),
        settings: dict[str, Any] | None = None,
        environment: dict[str, str] | None = None,
        log_level: str = "warning",
    ) -> None:
        self.data = data
        self.port = port or free_port()
        self.url = f"http://127.0.0.1:{self.port}"
        self.log_path = data / "stderr.txt"
        self.process: subprocess.Popen[bytes] | None = None
        self._agent = agent
        self._folder = folder or data
        self._arguments = arguments
        # With the settings that are the default, nothing stands in between.
        self._program = ("-m", "goldenpath")
        if settings:
            self._program = (str(_HASTY), json.dumps(settings))
        self._environment = environment or {}
        self._log_level = log_level

    def start(self) -> None:
        """Start the process; it is not ready yet."""
        with self.log_path.open("ab") as stderr:
            self.process = subprocess.Popen(
                [
                    sys.executable, *self._program, "serve",
                    "--data", str(self.data), "--port", str(self.port),
                    "--agent", self._agent, "--log-level", self._log_level,
                    *self._arguments,
                ],
                cwd=self._folder,
                env=os.environ | self._environment,
                stdout=subprocess.DEVNULL,
                stderr=stderr,
            )  # fmt: skip

    def send_signal(self, number: signal.Signals) -> None:
        """Send a signal to the process."""
        assert self.process is not None
        self.process.send_signal(number)

    def freeze(self) -> None:
        """Stop it where it is, as a host does that takes its processor away."""
        self.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let it go on."""
        self.send_signal(signal.SIGCONT)

    def kill(self) -> None:
        """End it without a warning, if it runs."""
        if self.process is not None:
            self.process.kill()
            self.process.wait()

    async def wait_exit(self, *, within: float = 30.0) -> int:
        """Wait until it is gone; return its exit status."""
        assert self.process is not None
        return await asyncio.to_thread(self.process.wait, within)

    async def wait_ready(self, *, within: float = 60.0) -> None:
        """Wait until it answers that it is ready."""
        try:
            async with asyncio.timeout(within), HTTPClient(self.url) as http:
                while not await http.is_ready():
                    assert self.process is not None
                    assert self.process.poll() is None, self.log()
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"it is not ready; its log: {self.log()}") from None

    def log(self) -> str:
        """Return what it has logged so far, over all its starts."""
        return self.log_path.read_text() if self.log_path.exists() else ""

    def errors(self) -> list[str]:
        """Return the lines of its log that are errors: I9 wants none."""
        return re.findall(
            r"^.*(?: ERROR | CRITICAL |Traceback).*$", self.log(), re.MULTILINE
        )

    def client(self, token: str) -> HTTPClient:
        """Return somebody's HTTP client; to be entered by the caller."""
        http = HTTPClient(self.url, within=60.0)
        http.token = token
        return http
