"""hub2, the port to asyncio (since 2021; see the wiki for how far it is)."""

import time

import aiosqlite

from hub.device import Device, DeviceState, NoSuchDevice


class AsyncDeviceRegistry:
    def __init__(self, path):
        self.path = path
        self.db = None

    async def open(self):
        self.db = await aiosqlite.connect(self.path)

    async def addDevice(self, device):
        await self.db.execute(
            "REPLACE INTO device VALUES (?,?,?,?)",
            (device.deviceId, device.kind, device.name, device.room),
        )
        await self.db.commit()

    async def removeDevice(self, deviceId):
        await self.db.execute("DELETE FROM device WHERE id=?", (deviceId,))
        await self.db.commit()

    async def getDevice(self, deviceId):
        async with self.db.execute(
            "SELECT id, kind, name, room FROM device WHERE id=?", (deviceId,)
        ) as cur:
            row = await cur.fetchone()
        if row is None:
            raise NoSuchDevice(deviceId)
        return Device(*row)

    async def setState(self, deviceId, value, battery=None):
        await self.db.execute(
            "REPLACE INTO state VALUES (?,?,?,?)",
            (deviceId, value, battery, time.time()),
        )
        await self.db.commit()

    async def getState(self, deviceId):
        async with self.db.execute(
            "SELECT value, battery, changed FROM state WHERE id=?", (deviceId,)
        ) as cur:
            row = await cur.fetchone()
        return DeviceState(*row) if row else None


async def main(path):
    registry = AsyncDeviceRegistry(path)
    await registry.open()
    await registry.setState("hub", "up")
