"""A client of the naive server, as the same tutorials write it.

It draws what it is sent, comes back after a moment, and keeps no cursor.
"""

import asyncio
import contextlib
import json
import random

from websockets.asyncio.client import connect

from tests.faults.scenarios import Shown


class NaiveDevice:
    """One browser tab.

    Args:
        url: Of the server.
        name: What it calls itself.
        again_after: Seconds until it comes back after a loss.
    """

    def __init__(self, url, name, *, again_after=0.1):
        self.name = name
        self.opens = 0
        self._url = url.replace("http://", "ws://") + f"/ws/{name}"
        self._again_after = again_after
        self._websocket = None
        self._items = []
        self._pending = None
        self._tasks = []

    async def open(self):
        """Connect, and wait until something came: then it looks ready."""
        opens = self.opens
        self._tasks.append(asyncio.create_task(self._stay_connected()))
        async with asyncio.timeout(30):
            while self.opens == opens:  # noqa: ASYNC110 - as tutorials wait
                await asyncio.sleep(0.01)

    async def close(self):
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    async def reopen(self):
        """What its watchdog does: connect anew. The old socket's handlers stay."""
        await self.open()

    async def ask_again(self):
        if self._pending is not None:
            await self._websocket.send(json.dumps(self._pending))

    async def ask(self, question):
        """Send a question, once the button can be pressed."""
        self._pending = {"type": "message", "text": question}
        await self.wait_connected()
        await self._websocket.send(json.dumps(self._pending))

    async def say(self, data):
        """Send anything."""
        await self._websocket.send(json.dumps(data))

    async def wait_connected(self):
        async with asyncio.timeout(30):
            while self._websocket is None:  # noqa: ASYNC110 - as tutorials wait
                await asyncio.sleep(0.01)

    async def ping(self):
        """Return once everything has arrived that was sent so far."""
        async with asyncio.timeout(30):
            await self.wait_connected()
            await (await self._websocket.ping(random.randbytes(4)))

    def screen(self):
        return [Shown(*item) for item in self._items]

    async def _stay_connected(self):
        while True:
            with contextlib.suppress(Exception):
                async with connect(
                    self._url, proxy=None, compression=None, max_size=None,
                    max_queue=None, open_timeout=30, close_timeout=1,
                ) as websocket:  # fmt: skip
                    self._websocket = websocket
                    try:
                        async for data in websocket:
                            self._draw(json.loads(data))
                    finally:
                        if self._websocket is websocket:
                            self._websocket = None
            await asyncio.sleep(self._again_after)

    def _draw(self, event):
        match event["type"]:
            case "history":
                self.opens += 1
                self._items = []
                for message in event["messages"]:
                    if message["role"] == "user":
                        self._items.append([message["text"], "", False])
                    else:
                        self._answer(message["text"], is_over=True)
            case "question":
                self._items.append([event["text"], "", False])
            case "token":
                self._answer(event["text"], is_over=False)
            case "end":
                self._answer("", is_over=True)
                self._pending = None

    def _answer(self, text, *, is_over):
        if not self._items:
            self._items.append(["", "", False])
        self._items[-1][1] += text
        self._items[-1][2] = is_over
