"""WebSocket gateway (2021). Has its own event loop and cannot take the lock of
the thread server, hence this module."""

import asyncio
import time

import websockets


class AsyncPresence:
    def __init__(self, max_silence=90):
        self.max_silence = max_silence
        self._touched = {}
        self._users = {}
        self._watchers = set()

    async def sign_on(self, user, connection_id):
        first = not await self.is_online(user)
        self._users.setdefault(user, set()).add(connection_id)
        self._touched[connection_id] = time.monotonic()
        if first:
            await self._publish(user, "online")

    async def touch(self, connection_id):
        self._touched[connection_id] = time.monotonic()

    async def sign_off(self, user, connection_id):
        self._touched.pop(connection_id, None)
        connections = self._users.get(user, set())
        connections.discard(connection_id)
        if not connections and self._users.pop(user, None) is not None:
            await self._publish(user, "offline")

    async def is_online(self, user):
        return bool(self._users.get(user))

    async def who_is_online(self):
        return sorted(self._users)

    def watch(self):
        queue = asyncio.Queue()
        self._watchers.add(queue)
        return queue

    async def _publish(self, user, status):
        for queue in self._watchers:
            await queue.put((user, status))

    async def reap_forever(self):
        while True:
            await asyncio.sleep(15)
            limit = time.monotonic() - self.max_silence
            for user, connections in list(self._users.items()):
                for connection_id in [
                    c for c in connections if self._touched[c] < limit
                ]:
                    await self.sign_off(user, connection_id)


async def main():
    presence = AsyncPresence()
    asyncio.ensure_future(presence.reap_forever())

    async def talk(ws):
        user = await ws.recv()
        await presence.sign_on(user, id(ws))
        try:
            async for message in ws:
                await presence.touch(id(ws))
                if message == "who":
                    await ws.send(",".join(await presence.who_is_online()))
        finally:
            await presence.sign_off(user, id(ws))

    async with websockets.serve(talk, "", 7701):
        await asyncio.Future()
