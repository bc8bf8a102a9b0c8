"""Writes the table in docs/reference/asgi-servers.md: what each server does.

Run as ``python tools/gen_asgi_servers.py``. Each server that is installed is started
and asked, over real sockets, for everything that the product could use; a cell of the
table is what it answered. With ``--check`` nothing is written, and the exit code says
whether the table is fresh. Servers that are not installed keep their column, and are
named.
"""

from __future__ import annotations

import asyncio
import contextlib
import dataclasses
import importlib.util
import json
import os
import re
import signal
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

from generated import write_or_check

ROOT = Path(__file__).parent.parent
sys.path.insert(0, str(ROOT))

from tests.support.raw import (  # noqa: E402 - the path comes first
    BINARY,
    CLOSE,
    CONTINUATION,
    PING,
    TEXT,
    RawPeer,
    frame,
    handshake,
)
from tests.support.server import free_port, make_users  # noqa: E402

PAGE = "docs/reference/asgi-servers.md"
YES, NO = "yes", "**no**"
# Longer than the deadline of ten seconds that ours has, also on a busy machine.
GIVEN_UP_WITHIN = 14.0
STARTED_WITHIN = 30.0
STOPPED_WITHIN = 8.0
_LOST = (ConnectionError, TimeoutError)


@dataclasses.dataclass(frozen=True)
class Kind:
    """One server, with the options that help.

    Attributes:
        name: As it is known.
        module: What has to be installed for it.
        command: How it is started, after ``python -m``.
    """

    name: str
    module: str
    command: str


UVICORN = (
    "uvicorn yours:app --port PORT --ws-ping-interval 0 "
    "--ws-per-message-deflate false --ws-max-size 262144 "
    "--timeout-graceful-shutdown 8 --ws "
)
KINDS = (
    Kind("goldenpath serve", "goldenpath", "yours"),
    Kind("uvicorn, websockets", "websockets", f"{UVICORN}websockets-sansio"),
    Kind("uvicorn, wsproto", "wsproto", f"{UVICORN}wsproto"),
    Kind(
        "hypercorn",
        "hypercorn",
        "hypercorn yours:app --bind 127.0.0.1:PORT --graceful-timeout 8",
    ),
    Kind(
        "granian",
        "granian",
        "granian yours:app --interface asgi --http 1 --port PORT "
        "--http1-header-read-timeout 10000 --workers-kill-timeout 8",
    ),
)


class Running:
    """A server in a process of its own, and a user who is logged in.

    Args:
        kind: Which one.
        data: Folder of the database.
        patience: How many times longer than usual to wait for it.
    """

    def __init__(self, kind: Kind, data: Path, patience: float) -> None:
        self.patience = patience
        self.port = free_port()
        self.ready = data / "ready"
        self.token = asyncio.run(make_users(data, "ada"))["ada"]
        command = kind.command.replace("PORT", str(self.port))
        command = command.replace("yours", "probed_app")
        self.log = (data / "log").open("wb")
        self.process = subprocess.Popen(
            [sys.executable, "-m", *command.split()],
            cwd=ROOT / "tools",
            env=os.environ | {"PROBED_DATA": str(data), "PROBED_PORT": str(self.port)},
            stdout=self.log,
            stderr=self.log,
            # granian starts children; all of them are ended at the end.
            start_new_session=True,
        )

    def peer(self, *, within: float = 5.0, **how: Any) -> RawPeer:
        """Return a TCP connection to it."""
        return RawPeer(self.port, within=within * self.patience, **how)

    def opened(self, path: str = "/ws", **how: Any) -> RawPeer:
        """Return a WebSocket to it."""
        peer = self.peer(**how)
        bearer = [("Authorization", f"Bearer {self.token}")]
        status, _, _ = peer.open(path=path, headers=bearer)
        if status != 101:
            raise ConnectionError(f"the handshake was answered {status}")
        return peer

    def welcomed(self, **how: Any) -> RawPeer:
        """Return a connection that said hello."""
        peer = self.opened(**how)
        peer.send(HELLO)
        until(peer, "welcome")
        return peer

    def seen(self) -> dict[str, int]:
        """Return what the application has seen."""
        with self.peer() as peer:
            peer.send(
                b"GET /seen HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n",
            )
            text = peer.read_to_end().decode()
        found = re.search(r"\{.*\}", text)
        assert found is not None, text
        seen: dict[str, int] = json.loads(found.group())
        return seen

    def end(self) -> None:
        """End it and what it started."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(self.process.pid, signal.SIGKILL)
        self.process.wait()
        self.log.close()


HELLO = frame(json.dumps({"frame": "hello", "device": "probe"}))


def until(peer: RawPeer, kind: str) -> None:
    """Skip frames until one of a kind."""
    while True:
        opcode, payload = peer.read_frame()
        if opcode == TEXT and json.loads(payload)["frame"] == kind:
            return


def said(is_so: bool) -> str:  # noqa: FBT001 - the argument is the answer
    """Return a cell."""
    return YES if is_so else NO


def close_code(peer: RawPeer) -> str:
    """Return how a server ends a connection."""
    try:
        return str(peer.read_close()[0])
    except TimeoutError:
        return NO
    except ConnectionError:
        return "cut, no code"


# Each of these answers one question.


def _reasons(server: Running) -> str:
    with server.peer() as peer:
        status, _, body = peer.open(subprotocol=None)
    return said(status == 400 and b"bad_message" in body)


def _early_frames(server: Running) -> str:
    with server.peer(within=2.0) as peer:
        bearer = [("Authorization", f"Bearer {server.token}")]
        peer.send(handshake("h", headers=bearer) + HELLO)
        try:
            status, _, _ = peer.read_head()
            if status == 101:
                until(peer, "welcome")
        except _LOST:
            return NO
    return said(status == 101)


def _compression(server: Running) -> str:
    offer = [("Sec-WebSocket-Extensions", "permessage-deflate")]
    with server.peer() as peer:
        _, headers, _ = peer.open(headers=offer)
    return said("sec-websocket-extensions" not in headers)


def _bodies(server: Running) -> str:
    with server.peer() as peer:
        status, _, _ = peer.open(headers=[("Content-Length", "5")])
    return said(status in (400, 501))


def _large_heads(server: Running) -> str:
    for headers in (
        [("Cookie", "x" * 65536)],
        [(f"X-{number}", "1") for number in range(1000)],
    ):
        with server.peer() as peer:
            try:
                status, _, _ = peer.open(headers=headers)
            except _LOST:
                continue  # without an answer, but refused
        if status == 101:
            return NO
    return YES


def _refusals(server: Running) -> str:
    with server.peer(within=1.0) as peer:
        peer.send(
            handshake("h", subprotocol=None) + b"GET /livez HTTP/1.1\r\nHost: h\r\n\r\n"
        )
        with contextlib.suppress(*_LOST):
            peer.read_head()
            return said(b"HTTP/1.1" not in peer.read_to_end())
    return YES


def _large_frames(server: Running) -> str:
    with server.opened("/waits", within=2.0) as peer:
        peer.send(frame(b"x" * 100, length=1 << 30))
        return close_code(peer)


def _large_messages(server: Running) -> str:
    with server.opened("/waits", within=2.0) as peer:
        piece = b"x" * 65536
        with contextlib.suppress(ConnectionError):
            peer.send(frame(piece, opcode=BINARY, final=False))
            for _ in range(4):
                peer.send(frame(piece, opcode=CONTINUATION, final=False))
        return close_code(peer)


def _bad_texts(server: Running) -> str:
    with server.opened("/waits", within=2.0) as peer:
        peer.send(frame(b"\xff\xfe"))
        return close_code(peer)


def _reserved_bits(server: Running) -> str:
    with server.opened("/waits", within=2.0) as peer:
        peer.send(frame("x", reserved=4))
        return close_code(peer)


def _ping_floods(server: Running) -> str:
    with server.opened("/waits", within=1.0) as peer:
        try:
            for _ in range(20):
                peer.send(500 * frame(b"", opcode=PING))
            while True:
                peer.read_frame()
        except TimeoutError:
            return NO
        except ConnectionError:
            return YES


def _slow_readers(server: Running) -> str:
    with server.opened("/floods", receive_buffer=4096):
        flooded = -1
        while (now := server.seen()["flooded"]) != flooded:
            flooded = now
            time.sleep(1.5)
    return said(flooded < 16 * 1024 * 1024)


def _what_waits(server: Running) -> str:
    deadline = time.monotonic() + 5.0
    while not (known := server.seen()["buffered"]) and time.monotonic() < deadline:
        time.sleep(0.5)
    return said(known > 0)


def _aborts(server: Running) -> str:
    with server.opened("/aborts", within=0.7) as peer:
        try:
            peer.read_frame()
        except TimeoutError:
            return NO
        except ConnectionError:
            return YES
    return NO


def _cancelled_receives(server: Running) -> str:
    with server.opened("/cancels") as peer:
        for number in range(20):
            peer.send(frame(str(number)))
            time.sleep(0.01)
        deadline = time.monotonic() + 1.5
        while (kept := server.seen()["kept"]) < 20 and time.monotonic() < deadline:
            time.sleep(0.1)
    return said(kept == 20)


PROBES: dict[str, Callable[[Running], str]] = {
    "A refused handshake's status and body reach the client": _reasons,
    "A frame that comes in the segment of the handshake is heard": _early_frames,
    "Compression is not negotiated when a client offers it": _compression,
    "A handshake with a body is refused": _bodies,
    "A head with 64 KB of cookies, or with 1,000 headers, is refused": _large_heads,
    "What follows a refused handshake is not read as a request": _refusals,
    "A frame that claims a gigabyte is closed at once, with": _large_frames,
    "Fragments of 300 KiB together are closed with": _large_messages,
    "A text that is no UTF-8 is closed with": _bad_texts,
    "A frame with a reserved bit is closed with": _reserved_bits,
    "A flood of pings ends the connection": _ping_floods,
    "A sender waits for a peer that does not read": _slow_readers,
    "What waits for such a peer is known": _what_waits,
    "A peer can be let go of at once": _aborts,
    "A receive that is cancelled loses no message": _cancelled_receives,
}

STARTS = "The port opens when the application is ready, not before"
GIVES_UP_SILENCE = "A TCP connection that says nothing is given up within 10 s"
GIVES_UP_HALVES = "So is half a request"
STOP_TELLS = "After SIGTERM an open connection is told"
STOP_REFUSES = "And a new handshake is answered"
STOP_STATUS = "And the process exits within 8 s with status"


def wait_started(server: Running) -> str:
    """Wait until a server takes connections; tell whether it was ready then."""
    deadline = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < deadline:
        with contextlib.suppress(ConnectionRefusedError):
            server.peer().close()
            was_ready = server.ready.exists()
            with server.peer(within=STARTED_WITHIN) as peer:
                peer.send(b"GET /livez HTTP/1.1\r\nHost: h\r\n\r\n")
                peer.read_head()
            return said(was_ready)
        time.sleep(0.02)
    raise TimeoutError("the server did not start")


def is_given_up(peer: RawPeer, *, until: float) -> str:
    """Tell whether a server ends a connection by then, with or without a word."""
    peer.socket.settimeout(max(0.1, until - time.monotonic()))
    try:
        peer.read_to_end()
    except TimeoutError:
        return NO
    return YES


def stop(server: Running) -> dict[str, str]:
    """Ask a server to stop; return what those see who are there."""
    late = ""
    told = ""
    with server.welcomed() as peer:
        peer.socket.settimeout(STOPPED_WITHIN)
        began = time.monotonic()
        server.process.send_signal(signal.SIGTERM)
        try:
            while True:
                opcode, payload = peer.read_frame()
                if opcode == CLOSE:
                    told += str(int.from_bytes(payload[:2], "big"))
                    break
                if json.loads(payload)["frame"] == "draining":
                    told = "`draining`, then "
                    late = new_handshake(server)
        except TimeoutError:
            told += "nothing"
        except ConnectionError:
            told += "a cut without a code"
        late = late or new_handshake(server)
    try:
        within = max(0.0, STOPPED_WITHIN - (time.monotonic() - began))
        status = str(server.process.wait(within)).replace("-", "signal ")
    except subprocess.TimeoutExpired:
        status = NO
    return {STOP_TELLS: told, STOP_REFUSES: late, STOP_STATUS: status}


def new_handshake(server: Running) -> str:
    """Return how somebody is answered who comes now."""
    try:
        with server.peer(within=2.0) as peer:
            return str(peer.open()[0])
    except _LOST:
        return "not at all"


def answered(ask: Callable[[Running], str], server: Running) -> str:
    """Return the answer to a question; not to answer is one too."""
    try:
        return ask(server)
    except TimeoutError:
        return NO


def probe(kind: Kind, *, patience: float = 1.0) -> dict[str, str]:
    """Start a server, ask it everything, and stop it."""
    with tempfile.TemporaryDirectory() as folder:
        server = Running(kind, Path(folder), patience)
        try:
            cells = {STARTS: wait_started(server)}
            given_up_at = time.monotonic() + GIVEN_UP_WITHIN
            with server.peer() as silent, server.peer() as half:
                half.send(handshake("h")[:-2])
                for row, ask in PROBES.items():
                    cells[row] = answered(ask, server)
                cells[GIVES_UP_SILENCE] = is_given_up(silent, until=given_up_at)
                cells[GIVES_UP_HALVES] = is_given_up(half, until=given_up_at)
            cells |= stop(server)
        except Exception as error:
            log = Path(folder, "log").read_text("utf-8")
            raise RuntimeError(f"{kind.name} cannot be probed:\n{log}") from error
        finally:
            server.end()
    return cells


ROWS = (
    STARTS,
    *PROBES,
    GIVES_UP_SILENCE,
    GIVES_UP_HALVES,
    STOP_TELLS,
    STOP_REFUSES,
    STOP_STATUS,
)


def table(columns: dict[str, dict[str, str]]) -> str:
    """Return the table, a column for each server."""
    lines = [
        "| | " + " | ".join(columns) + " |",
        "|---|" + "---|" * len(columns),
        *(
            f"| {row} | " + " | ".join(cells[row] for cells in columns.values()) + " |"
            for row in ROWS
        ),
    ]
    return "\n".join(lines)


def known_columns(page: str) -> dict[str, dict[str, str]]:
    """Return the columns of the page as it is."""
    lines = [
        [cell.strip() for cell in line.split("|")[1:-1]]
        for line in page.splitlines()
        if line.startswith("|") and not line.startswith("|---")
    ]
    if not lines:
        return {}
    _, *names = lines[0]
    return {
        name: {line[0]: line[column] for line in lines[1:]}
        for column, name in enumerate(names, start=1)
    }


def options() -> str:
    """Return how each server is started."""
    return "\n".join(f"* {kind.name}: `{kind.command}`" for kind in KINDS[1:])


def main(arguments: list[str]) -> int:
    """Probe what is installed; write the page, or compare it."""
    page = (ROOT / PAGE).read_text("utf-8")
    columns = known_columns(page)
    installed = [kind for kind in KINDS if importlib.util.find_spec(kind.module)]
    for kind in KINDS:
        if kind not in installed:
            print(f"NOT INSTALLED, NOT LOOKED AT: {kind.name}", file=sys.stderr)
    known = dict(columns)
    with ThreadPoolExecutor(len(installed)) as pool:
        found = pool.map(probe, installed)
        columns |= {
            kind.name: cells for kind, cells in zip(installed, found, strict=True)
        }
    # Another answer may only be a late one, on a machine that is busy.
    for kind in installed:
        if arguments and columns[kind.name] != known.get(kind.name):
            columns[kind.name] = probe(kind, patience=3.0)
    ordered = {kind.name: columns[kind.name] for kind in KINDS if kind.name in columns}
    for name, text in (("table", table(ordered)), ("options", options())):
        page = re.sub(
            rf"(<!-- generated: {name} -->\n).*?(<!-- end generated -->)",
            rf"\g<1>{text}\n\g<2>",
            page,
            flags=re.DOTALL,
        )
    return write_or_check(
        {PAGE: page},
        root=ROOT,
        arguments=arguments,
        command="python tools/gen_asgi_servers.py",
    )


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
