"""A real server, the devices of its people, and the check at the end.

::

    async with Scene(tmp_path, "ann", "bob") as scene:
        ann = await scene.live("ann")
        …
        await scene.settle()
"""

import asyncio
import contextlib
import json
import resource
import sqlite3
import subprocess
import sys
import time
from collections import Counter
from pathlib import Path

import pytest
from websockets.asyncio.client import connect
from websockets.exceptions import ConnectionClosed

from goldenpath import Settings, WebSocketManager
from goldenpath.auth._sessions import Sessions
from goldenpath.client import HTTPClient
from goldenpath.logs import SQLiteLog
from goldenpath.protocol import decode_server_frame, thread_log, user_log
from goldenpath.protocol._codec import SUBPROTOCOL, encode_frame, event_frame
from goldenpath.protocol._frames import ErrorFrame, Hello, Result, Welcome
from goldenpath.protocol._transcript import MessageItem, RunItem, answer_text
from goldenpath.storage import Database
from goldenpath.testing import Evidence, Witness, WitnessClient, violations
from tests.support.server import ServerProcess, make_users

HERE = Path(__file__).parent
PATIENCE = 60.0


class Device(WitnessClient):
    """A device that remembers how its connections ended.

    Attributes:
        closes: Code and reason of each.
    """

    def __init__(self, http, *, name, user, **fields):
        super().__init__(http, name=name, **fields)
        self.user = user
        self.closes = []

    async def _live(self):
        code, reason = await super()._live()
        self.closes.append((int(code), reason))
        return code, reason

    def answers(self, thread):
        """Return what this device shows, as pairs of a question and its answer."""
        items = self.replica(thread).transcript.items
        runs = {item.message: item for item in items if isinstance(item, RunItem)}
        return [
            (item.text, answer_text(runs[item.number]) if item.number in runs else "")
            for item in items
            if isinstance(item, MessageItem)
        ]


class Peer:
    """A connection on which a test says what it likes, and hears what comes.

    ::

        async with Peer(url, token) as peer:
            await peer.hello()

    Attributes:
        frames: What came, as far as it was looked at.
        closed: Code and reason of the close, once it was met.
    """

    def __init__(self, url, token):
        self.frames = []
        self.closed = None
        self._url = url.replace("http://", "ws://") + "/ws"
        self._headers = {"Authorization": f"Bearer {token}"}
        self._names = 0

    async def __aenter__(self):
        self.websocket = await connect(
            self._url,
            subprotocols=[SUBPROTOCOL],
            additional_headers=self._headers,
            compression=None,
            ping_interval=None,
            open_timeout=PATIENCE,
            close_timeout=2,
            proxy=None,
        )
        return self

    async def __aexit__(self, *_):
        await self.websocket.close()

    async def put(self, frame):
        """Send a frame, or any text."""
        data = frame if isinstance(frame, str | bytes) else encode_frame(frame)
        await self.websocket.send(data, text=True)

    async def next(self):
        """Return the next frame; None after the close."""
        try:
            async with asyncio.timeout(PATIENCE):
                self.frames.append(decode_server_frame(await self.websocket.recv()))
        except ConnectionClosed as error:
            closed = error.rcvd
            self.closed = (1006, "") if closed is None else (closed.code, closed.reason)
            return None
        return self.frames[-1]

    async def take(self, *kinds):
        """Skip to the next frame of a kind; return it, or None after the close."""
        while (frame := await self.next()) is not None:
            if isinstance(frame, kinds):
                return frame
        return None

    async def hello(self, **fields):
        """Say hello; return the welcome."""
        await self.put(Hello(device="peer", **fields))
        return await self.take(Welcome)

    async def ask(self, kind, **fields):
        """Ask for something; return the answer, or None after the close."""
        self._names += 1
        name = f"r{self._names}"
        await self.put(kind(id=name, **fields))
        while (answer := await self.take(Result, ErrorFrame)) is not None:
            if answer.id == name:
                return answer
        return None

    async def wait_closed(self):
        """Hear what comes until the close; return its code and reason."""
        while await self.next() is not None:
            pass
        return self.closed


class Crowd:
    """Many light devices, in processes of their own; see ``crowd.py``.

    Args:
        port: The server's.
        tokens: Dealt out to the devices in turn.
        count: How many devices.
        processes: Among which they are divided.
    """

    def __init__(self, port, tokens, count, *, processes=2):
        self._port = port
        self._tokens = " ".join(tokens)
        self._counts = [
            count * (number + 1) // processes - count * number // processes
            for number in range(processes)
        ]
        self._processes = []

    async def __aenter__(self):
        for number, count in enumerate(self._counts):
            # Each process has addresses of its own, as another network would.
            process = await asyncio.create_subprocess_exec(
                sys.executable, HERE / "crowd.py",
                str(self._port), str(count), f"127.0.{number + 1}",
                stdin=asyncio.subprocess.PIPE,
                stdout=asyncio.subprocess.PIPE,
                limit=2**24,
            )  # fmt: skip
            self._processes.append(process)
            process.stdin.write(self._tokens.encode() + b"\n")
        return self

    async def __aexit__(self, *_):
        for process in self._processes:
            process.kill()
            await process.wait()

    async def status(self, line="how"):
        """Return how they are: sums, and the least that each has seen."""
        found = []
        for process in self._processes:
            process.stdin.write(line.encode() + b"\n")
            found.append(json.loads(await process.stdout.readline()))
        return {
            "live": sum(each["live"] for each in found),
            "welcomes": min(each["welcomes"] for each in found),
            "events": min(each["events"] for each in found),
            "pings": min(each["pings"] for each in found),
            "codes": sum((Counter(each["codes"]) for each in found), Counter()),
            "statuses": sum((Counter(each["statuses"]) for each in found), Counter()),
            "told": [told for each in found for told in each["told"]],
        }

    async def wait(self, is_true, *, within=200.0):
        """Look again and again until something holds; return how they are then."""
        status = {}
        try:
            async with asyncio.timeout(within):
                while not is_true(status := await self.status()):  # noqa: ASYNC110
                    await asyncio.sleep(0.1)
        except TimeoutError:
            raise AssertionError(f"waited in vain; they are {status}") from None
        return status


class Scene:
    """One data folder, a server on it, people and their devices.

    Args:
        folder: For the data.
        people: Their names; each is logged in.
        agent: What answers.
        starts: Whether its server is started when it is entered.
        started: Called with the process's id then.
        on_tmpfs: Put the data where little has room; skips where that cannot be.
        server: Arguments of :class:`ServerProcess`.

    Attributes:
        undone: Threads that a restored backup knows nothing of.
        interrupted_within: See :class:`Evidence`; None where agents wait for long.
    """

    interrupted_within = None

    def __init__(
        self,
        folder,
        *people,
        agent="moods:agent",
        starts=True,
        started=lambda _pid: None,
        on_tmpfs=False,
        **server,
    ):
        self.data = folder / "data"
        self.data.mkdir()
        self._starts = starts
        self._started = started
        self._is_mounted = on_tmpfs and mount_tmpfs(self.data)
        self.server = self.another_server(agent=agent, **server)
        self.devices = []
        self.undone = set()
        self.tokens = {}
        self._people = people
        self._https = []
        self._servers = [self.server]

    def another_server(self, *, agent="moods:agent", **server):
        """Return a process on the same data that was not started."""
        made = ServerProcess(self.data, agent=agent, folder=HERE, **server)
        # A process that dies shall not take its log with it.
        made.log_path = self.data.parent / f"stderr-{made.port}.txt"
        self.__dict__.setdefault("_servers", []).append(made)
        return made

    async def __aenter__(self):
        self.tokens = await make_users(self.data, *self._people)
        if not self._starts:
            return self
        self.server.start()
        self._started(self.server.process.pid)
        try:
            await self.server.wait_ready()
        except BaseException:
            self.server.kill()
            raise
        return self

    async def __aexit__(self, *_):
        for device in self.devices:
            await device.stop()
        for http in self._https:
            await http.close()
        for server in self._servers:
            server.kill()
        if self._is_mounted:
            unmount(self.data)

    # People.

    def http(self, name, url=None, *, token=None):
        """Return an HTTP client of somebody."""
        http = HTTPClient(url or self.server.url, within=PATIENCE)
        http.token = token or self.tokens[name]
        self._https.append(http)
        return http

    def device(self, name, *, url=None, token=None, back_off_most=0.2):
        """Return a device that was not started."""
        made = Device(
            self.http(name, url, token=token),
            name=f"{name}'s device {len(self.devices)}",
            user=name,
            back_off_most=back_off_most,
        )
        self.devices.append(made)
        return made

    async def live(self, name, **fields):
        """Return a device that was said welcome."""
        device = self.device(name, **fields)
        device.start()
        async with asyncio.timeout(PATIENCE):
            await device.wait_live()
        return device

    def peer(self, name, *, url=None, token=None):
        """Return somebody's connection; to be entered."""
        return Peer(url or self.server.url, token or self.tokens[name])

    async def session(self, name, *, lasts=None):
        """Open another session of somebody; return its token."""
        rows = self.rows("SELECT id, password_hash FROM users WHERE name = ?", name)
        lasts = lasts or Settings().session_lasts
        async with Database(WebSocketManager.database_path(self.data)) as database:
            opened = await Sessions(database, lasts=lasts).create(
                rows[0][0], password_hash=rows[0][1], now=time.time()
            )
        return opened[0]

    # What is stored, looked at from outside.

    def rows(self, query, *values):
        """Ask the database."""
        path = WebSocketManager.database_path(self.data)
        with contextlib.closing(sqlite3.connect(path, timeout=30)) as connection:
            return connection.execute(query, values).fetchall()

    def runs(self):
        """Return the state of each run, in the order in which they were queued."""
        return dict(self.rows("SELECT id, state FROM runs ORDER BY place"))

    async def wait(self, is_true, what):
        """Look again and again, at what nobody tells."""
        try:
            async with asyncio.timeout(PATIENCE):
                while not is_true():  # noqa: ASYNC110
                    await asyncio.sleep(0.02)
        except TimeoutError:
            raise AssertionError(f"waited in vain until {what}") from None

    async def logs(self):
        """Return all logs that are stored, by name."""
        async with Database(WebSocketManager.database_path(self.data)) as database:
            log = SQLiteLog(database)
            names = [name for (name,) in self.rows("SELECT log FROM logs")]
            pages = {name: await log.tail(name, max_bytes=2**40) for name in names}
        return {
            name: [event_frame(entry) for entry in page.entries]
            for name, page in pages.items()
        }

    # The end.

    async def settle(self):
        """Let all come to rest, then see that the promise was kept: I1 to I5, I9."""
        await self.wait(
            lambda: not set(self.runs().values()) & {"queued", "running"},
            "every run has ended",
        )
        logs = await self.logs()
        for device in self.devices:
            if device.stopped is None:
                async with asyncio.timeout(PATIENCE):
                    await self._catch_up(device, logs)
        if found := self.findings(logs):
            raise AssertionError("\n".join(found))

    async def _catch_up(self, device, logs):
        await device.wait_live()
        mine = self.rows(
            "SELECT threads.id FROM threads JOIN users ON owner = users.id"
            " WHERE name = ? AND NOT is_deleted",
            device.user,
        )
        for (thread,) in mine:
            if thread_log(thread) not in device.replicas:
                await device.follow(thread)
        for log in (device.welcome.log, *(thread_log(thread) for (thread,) in mine)):
            replica, head = device.replicas[log], len_of(logs.get(log))
            await device.wait_for(
                lambda replica=replica, head=head: (
                    replica.cursor is not None and replica.cursor.number >= head
                )
            )

    def findings(self, logs):
        """Return what does not hold."""
        found = []
        witnesses = []
        for device in self.devices:
            witness = device.witness
            codes = {code for code, _ in device.closes}
            found += [f"I9: {witness.name}: closed with {c}" for c in codes & {1012}]
            self._allow(device)
            found += self._check_deleted(device)
            if device.stopped is None:
                witnesses.append(witness)
                continue
            # It stopped before the end, so it need not hold what came after.
            sent = Witness(witness.name, acknowledged=witness.acknowledged)
            seen = Witness(witness.name, witness.may_read, witness.frames)
            witnesses.append(sent)
            found += violations([seen], {})
        evidence = Evidence(
            close_codes=[code for each in self.devices for code, _ in each.closes],
            server_log="".join(server.log() for server in self._servers),
            interrupted_within=self.interrupted_within,
        )
        return found + violations(witnesses, logs, evidence=evidence)

    def _check_deleted(self, device):
        """See that what was acknowledged in deleted threads is known; forget it."""
        rows = "SELECT id FROM threads WHERE is_deleted"
        deleted = {thread for (thread,) in self.rows(rows)}
        acknowledged = device.witness.acknowledged
        found = [
            f"I1: {device.witness.name}: {sent.client_message_id} was forgotten"
            for sent in acknowledged
            if sent.thread in deleted
            and self.rows(
                "SELECT run FROM idempotency WHERE client_message_id = ?",
                sent.client_message_id,
            )
            != [(sent.run,)]
        ]
        device.witness.acknowledged = [
            sent for sent in acknowledged if sent.thread not in deleted
        ]
        return found

    def _allow(self, device):
        """Note what a device may read, from the tables and not from the frames."""
        rows = self.rows(
            "SELECT owner, threads.id FROM users LEFT JOIN threads ON owner = users.id"
            " WHERE name = ?",
            device.user,
        )
        (person,) = self.rows("SELECT id FROM users WHERE name = ?", device.user)[0]
        device.witness.may_read = {user_log(person), *map(thread_log, self.undone)}
        device.witness.may_read |= {thread_log(t) for _, t in rows if t is not None}


def len_of(events):
    """Return the number of the last of some events."""
    return events[-1].number if events else 0


def allow_files(count):
    """Let this process, and those that it starts, open so many files; or skip."""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    if hard < count:
        pytest.skip(f"only {hard} files may be open at once here")
    if soft < count:
        resource.setrlimit(resource.RLIMIT_NOFILE, (count, hard))


def mount_tmpfs(folder):
    """Mount eight megabytes of memory on a folder; or skip."""
    try:
        mount("-t", "tmpfs", "-o", "size=8m", "tmpfs", folder)
    except (OSError, subprocess.CalledProcessError):
        pytest.skip("nothing can be mounted here")
    return True


def mount(*arguments):
    """Mount something."""
    subprocess.run(["mount", *arguments], check=True, capture_output=True, timeout=30)


def unmount(folder):
    """Take what is mounted on a folder away, also while it is in use."""
    subprocess.run(["umount", "--lazy", folder], check=True, timeout=30)
