"""Our server under the emulator, for the scenarios."""

import asyncio
import sys
from pathlib import Path

from emulator import Emulator
from goldenpath.client import HTTPClient
from goldenpath.errors import RefusedError
from goldenpath.protocol._cursor import thread_log
from goldenpath.protocol._transcript import MessageItem, RunItem, answer_text
from goldenpath.testing import Evidence, WitnessClient, read_record, violations
from tests.faults.scenarios import PATIENCE, Shown, platform
from tests.support.server import make_users

AGENTS = Path(__file__).parent.parent / "naive"


class GoldenDevice:
    """One device of the one person, who has one thread."""

    def __init__(self, side, http, name):
        self.name = name
        self.client = WitnessClient(http, name=name, device=name, back_off_most=0.1)
        self._side = side

    async def open(self):
        self.client.start()
        async with asyncio.timeout(PATIENCE):
            await self.client.wait_live()
            if self._side.thread is not None:
                await self.client.follow(self._side.thread)

    async def close(self):
        await self.client.stop()

    async def ask(self, question):
        async with asyncio.timeout(PATIENCE):
            sent = await self.client.say(question, thread=self._side.thread)
        self._side.thread = sent.thread

    async def reopen(self):
        self.client.cut()

    async def ask_again(self):
        """It does that by itself."""

    def screen(self):
        if self._side.thread is None:
            return []
        items = self.client.replica(self._side.thread).transcript.items
        runs = {item.message: item for item in items if isinstance(item, RunItem)}
        return [
            _shown(item, runs.get(item.number))
            for item in items
            if isinstance(item, MessageItem)
        ]


def _shown(message, run):
    if run is None:
        return Shown(message.text, "", is_over=False)
    return Shown(
        message.text,
        answer_text(run),
        is_over=run.state != "running",
        may_be_partial=run.state in ("interrupted", "cancelled", "failed"),
    )


class GoldenSide:
    """Entered by the test; ends what it started.

    Args:
        folder: For the database, records and output.
        arguments: Further ones of ``serve``.
    """

    def __init__(self, folder, *, arguments=()):
        self.thread = None
        self.devices = []
        self.emulator = None
        self._https = []
        self._token = ""
        self._folder = folder
        self._arguments = arguments

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        for device in self.devices:
            await device.close()
        for http in self._https:
            await http.close()
        if self.emulator is not None:
            await self.emulator.__aexit__(None, None, None)

    async def emulate(self, **knobs):
        data = self._folder / "data"
        data.mkdir()
        self._token = (await make_users(data, "ann"))["ann"]
        command = (
            sys.executable, "-m", "goldenpath", "serve", "--port", "{port}",
            "--data", str(data), "--agent", "counting:agent",
            "--log-level", "warning", *self._arguments,
        )  # fmt: skip
        self.emulator = Emulator(
            platform(command, folder=AGENTS, **knobs), folder=self._folder
        )
        return await self.emulator.__aenter__()

    def http(self, url):
        http = HTTPClient(url, within=PATIENCE)
        http.token = self._token
        self._https.append(http)
        return http

    def device(self, url, name):
        self.devices.append(GoldenDevice(self, self.http(url), name))
        return self.devices[-1]

    async def settle(self, emulator, devices):
        """Wait until every device is at the head of the thread; ask the checker."""
        if self.thread is None:
            return []
        http = self.http(emulator.url)
        async with asyncio.timeout(PATIENCE):
            while await _is_busy(http):  # noqa: ASYNC110 - another process is asked
                await asyncio.sleep(0.05)
            events = await http.history(self.thread)
            for device in devices:
                replica = device.client.replica(self.thread)
                await device.client.wait_for(
                    lambda replica=replica: (
                        replica.cursor is not None
                        and replica.cursor.number >= events[-1].number
                    )
                )
        log = thread_log(self.thread)
        # What went over the wire, and what the devices say that they were sent.
        recording = read_record(emulator.record.path, readable={"ann": [log]})
        witnesses = [device.client.witness for device in devices]
        for witness in witnesses:
            witness.may_read.add(log)
        here = {device.client.device for device in devices}
        assert here <= {witness.name for witness in recording.witnesses}
        for witness in recording.witnesses:
            witness.has_left = witness.name not in here
        return violations(
            [*recording.witnesses, *witnesses],
            {log: events},
            evidence=Evidence(
                close_codes=recording.close_codes,
                server_log="".join(each.log() for each in emulator.instances),
                interrupted_within=20.0,
            ),
        )


async def _is_busy(http):
    try:
        return any(thread.is_running for thread in await http.threads())
    except RefusedError:
        return True
