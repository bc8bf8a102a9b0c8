"""The naive server under the emulator, for the scenarios."""

import asyncio
import sys
from pathlib import Path

import httpx2
from websockets.exceptions import ConnectionClosed

from emulator import Emulator
from tests.faults.scenarios import PATIENCE, platform
from tests.naive.device import NaiveDevice

HERE = Path(__file__).parent
COMMAND = (sys.executable, "server.py", "{port}")


class NaiveSide:
    """Entered by the test; ends what it started.

    Args:
        folder: For records and output.
        environment: Of the server.
        command: Another way to start it.
    """

    def __init__(self, folder, *, environment=None, command=COMMAND):
        self.devices = []
        self.emulator = None
        self._folder = folder
        self._environment = environment or {}
        self._command = command

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        for device in self.devices:
            await device.close()
        if self.emulator is not None:
            await self.emulator.__aexit__(None, None, None)

    async def emulate(self, **knobs):
        self.emulator = Emulator(
            # It does not leave when it is asked to: why wait for long?
            platform(
                self._command,
                folder=HERE,
                **({"grace": 2.0, "environment": self._environment} | knobs),
            ),
            folder=self._folder,
        )
        return await self.emulator.__aenter__()

    def device(self, url, name):
        self.devices.append(NaiveDevice(url, name))
        return self.devices[-1]

    async def settle(self, emulator, devices):
        """Wait until no answer is under way and everything sent has arrived."""
        async with httpx2.AsyncClient(trust_env=False, verify=False) as http:
            async with asyncio.timeout(PATIENCE):
                while True:
                    try:
                        for device in devices:
                            await device.ping()
                        awake = [i for i in emulator.alive() if not i.is_stopped]
                        if not any([await _is_busy(http, each) for each in awake]):
                            break
                    except (ConnectionClosed, httpx2.TransportError):
                        # One of them has not noticed yet that it was cut.
                        pass
                    await asyncio.sleep(0.02)
                for device in devices:
                    await device.ping()
        return []


async def _is_busy(http, instance):
    status = (await http.get(f"http://127.0.0.1:{instance.port}/status")).json()
    return status["running"] or status["connecting"]
