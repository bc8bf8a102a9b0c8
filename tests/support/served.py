"""A real server and people who speak to it in bytes, so that they may do anything."""

from __future__ import annotations

import asyncio
import contextlib
import json
import time
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any, Self

from tests.support.raw import BINARY, CLOSE, TEXT, RawPeer, frame
from tests.support.server import ServerProcess, make_users

WITHIN = 60.0


class Raw(RawPeer):
    """A WebSocket of somebody: frames as plain JSON, or bytes that are none."""

    def put(self, kind: str, **fields: Any) -> None:
        """Send a frame."""
        self.send(frame(json.dumps({"frame": kind, **fields})))

    def take(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Return the next frame of a kind, dropping others."""
        while True:
            taken = self.next()
            if taken["frame"] == kind and fields.items() <= taken.items():
                return taken

    def next(self) -> dict[str, Any]:
        """Return the next frame, whatever it is; a ping is answered on the way.

        Raises:
            ConnectionError: The server closed.
        """
        while True:
            opcode, payload = self.read_frame()
            if opcode == CLOSE:
                raise ConnectionError(f"closed: {payload!r}")
            if opcode not in (TEXT, BINARY):
                continue
            taken: dict[str, Any] = json.loads(payload)
            if taken["frame"] == "ping":
                self.put("pong")
            return taken

    def hello(self, **fields: Any) -> dict[str, Any]:
        """Say hello; return the welcome."""
        self.put("hello", device="raw", **fields)
        return self.take("welcome")

    def ask(self, kind: str, **fields: Any) -> dict[str, Any]:
        """Make a request; return what answers it, a result or an error."""
        name = fields.setdefault("id", f"r{time.monotonic_ns()}")
        self.put(kind, **fields)
        while True:
            taken = self.next()
            if taken["frame"] in ("result", "error") and taken.get("id") == name:
                return taken

    def say(self, text: str, **fields: Any) -> dict[str, Any]:
        """Send a message; return the result."""
        fields.setdefault("client_message_id", f"m-{time.monotonic_ns()}")
        answer = self.ask("send", text=text, **fields)
        assert answer["frame"] == "result", answer
        return answer

    def answer_of(self, thread: str) -> dict[str, Any]:
        """Follow a thread until a run in it ends; return the event that ended it."""
        self.follow(thread)
        return self.end_of(thread)

    def end_of(self, thread: str) -> dict[str, Any]:
        """Wait until a run in a thread that is followed ends; return its last event."""
        return self.event_of(thread, *ENDS)

    def follow(self, thread: str) -> None:
        """Follow a thread."""
        self.put("subscribe", id=f"s-{thread}", thread=thread)

    def event_of(self, thread: str, *types: str) -> dict[str, Any]:
        """Return the next event of some types in a thread that is followed."""
        log = f"thread:{thread}"
        while True:
            taken = self.next()
            frames = [taken] if taken["frame"] == "event" else []
            if taken["frame"] == "snapshot" and taken["log"] == log:
                frames = taken["state"].get("events", [])
            for one in frames:
                if one["log"] == log and one["event"]["type"] in types:
                    event: dict[str, Any] = one["event"]
                    return event


ENDS = ("agent_completed", "agent_failed", "agent_cancelled", "agent_interrupted")


class Served:
    """``goldenpath serve`` on a fresh folder, with people in it.

    Args:
        data: The folder.
        names: The people.
        how: See :class:`ServerProcess`; the agent is the obedient one.
    """

    def __init__(self, data: Path, names: Iterable[str], **how: Any) -> None:
        self.tokens = asyncio.run(make_users(data, *names))
        how = {"agent": "obedient:agent", "folder": Path(__file__).parent} | how
        self.server = ServerProcess(data, **how)
        self.port = self.server.port
        self._peers: list[Raw] = []

    def __enter__(self) -> Self:
        self.server.start()
        asyncio.run(self.server.wait_ready())
        return self

    def __exit__(self, *_: object) -> None:
        self.server.kill()
        for peer in self._peers:
            peer.close()

    @property
    def pid(self) -> int:
        """The process."""
        assert self.server.process is not None
        return self.server.process.pid

    def peer(self, **how: Any) -> Raw:
        """Return a TCP connection to it; it is closed with it at the latest."""
        self._peers.append(Raw(self.port, within=WITHIN, **how))
        return self._peers[-1]

    def bearer(self, name: str) -> tuple[str, str]:
        """Return the header that says who somebody is."""
        return ("Authorization", f"Bearer {self.tokens[name]}")

    def opened(
        self, name: str, *, headers: Iterable[tuple[str, str]] = (), **how: Any
    ) -> Raw:
        """Return a WebSocket of somebody who has not said hello."""
        peer = self.peer(**how)
        status, _, body = peer.open(headers=[self.bearer(name), *headers])
        assert status == 101, (status, body)
        return peer

    @contextlib.contextmanager
    def device(self, name: str, **how: Any) -> Iterator[Raw]:
        """Open a WebSocket of somebody who was welcomed; to be entered."""
        with self.opened(name, **how) as peer:
            peer.hello()
            yield peer

    def serves(self, name: str) -> bool:
        """Tell whether somebody gets an answer now."""
        with self.device(name) as device:
            thread = device.say("are you there?")["thread"]
            return bool(device.answer_of(thread)["type"] == "agent_completed")

    def request(
        self,
        method: str,
        path: str,
        body: object = None,
        *,
        headers: Iterable[tuple[str, str]] = (),
    ) -> tuple[int, dict[str, str], bytes]:
        """Make an HTTP request; return the status, the headers and the body."""
        content = b"" if body is None else json.dumps(body).encode()
        lines = [f"{method} {path} HTTP/1.1", "Host: localhost", "Connection: close"]
        if body is not None:
            lines += [
                "Content-Type: application/json",
                f"Content-Length: {len(content)}",
            ]
        lines += [f"{header}: {value}" for header, value in headers]
        with self.peer() as peer:
            peer.send("\r\n".join(lines).encode("latin-1") + b"\r\n\r\n" + content)
            return peer.read_head()

    def resident_bytes(self) -> int:
        """Return how much memory the process has in use (Linux)."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        line = next(line for line in status.splitlines() if line.startswith("VmRSS"))
        return int(line.split()[1]) * 1024

    def open_sockets(self) -> int:
        """Return how many sockets the process has open (Linux)."""
        found = 0
        for descriptor in Path(f"/proc/{self.pid}/fd").iterdir():
            with contextlib.suppress(OSError):
                found += str(descriptor.readlink()).startswith("socket:")
        return found

    def wait_sockets(self, most: int) -> None:
        """Wait until no more than so many sockets are open."""
        deadline = time.monotonic() + WITHIN
        while self.open_sockets() > most:
            assert time.monotonic() < deadline, f"{self.open_sockets()} are open"
            time.sleep(0.02)
