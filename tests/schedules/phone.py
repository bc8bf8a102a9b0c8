"""A real client on a network that a test breaks, and a peer that is no client."""

import asyncio
import contextlib

from websockets.exceptions import ConnectionClosed

from goldenpath.protocol import decode_server_frame
from goldenpath.protocol._codec import encode_frame
from goldenpath.protocol._frames import ErrorFrame, Hello, Ping, Pong, Result, Welcome
from goldenpath.testing import WitnessClient


class Phone(WitnessClient):
    """A device of somebody, as it is used.

    Args:
        world: What it is part of.
        name: For the findings.
        user: Whose it is.
        token: Of their session.
        fields: Of the client.
    """

    def __init__(self, world, name, user, token, **fields):
        super().__init__(None, name=name, **fields)
        self.user = user
        self.token = token
        self.links = []
        self._world = world

    @property
    def link(self):
        """The newest connection."""
        return self.links[-1]

    async def _connect(self):
        instance = self._world.route()
        if instance is None:
            raise OSError("nobody listens")
        link = self._world.link()
        self.links.append(link)
        instance.open(link, self.token)
        try:
            await link.server.accepted
        except BaseException:
            link.cut(within=0.0)
            raise
        return link.client


class Peer:
    """Says what a test says and writes down what comes; it keeps no promise itself.

    Attributes:
        frames: What came.
        closed: The close code, once there is one.
    """

    def __init__(self, link):
        self.link = link
        self.frames = []
        self.closed = None
        self._news = asyncio.Event()
        self._listening = asyncio.create_task(self._listen())

    async def put(self, frame):
        """Send a frame, or any text."""
        data = frame if isinstance(frame, str | bytes) else encode_frame(frame)
        await self.link.client.send(data)

    async def hello(self, **fields):
        await self.put(Hello(device="peer", **fields))
        return (await self.take(Welcome))[0]

    async def take(self, *kinds, count=1, within=30.0):
        """Wait for so many frames of a kind and return them."""
        async with asyncio.timeout(within):
            while (
                len(found := [f for f in self.frames if isinstance(f, kinds)]) < count
            ):
                self._news.clear()
                await self._news.wait()
        return found

    async def answers(self, count, **how):
        return await self.take(Result, ErrorFrame, count=count, **how)

    async def wait_closed(self, *, within=120.0):
        """Wait for the end and return its code."""
        async with asyncio.timeout(within):
            await asyncio.wait([self._listening])
        return self.closed

    async def leave(self):
        await self.link.client.close()
        await self.wait_closed()

    async def _listen(self):
        with contextlib.suppress(ConnectionClosed):
            while True:
                self.frames.append(decode_server_frame(await self.link.client.recv()))
                self._news.set()
                if isinstance(self.frames[-1], Ping):
                    await self.put(Pong())
        self.closed = self.link.client.close_code
        self._news.set()
