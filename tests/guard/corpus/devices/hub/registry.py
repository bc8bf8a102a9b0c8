"""The registry: which devices there are, and how they are."""

import sqlite3
import threading
import time

from hub import config
from hub.device import Device, DeviceState, NoSuchDevice


class AbstractRegistry(object):
    """Subclasses say where the devices are kept."""

    def addDevice(self, device):
        raise NotImplementedError

    def removeDevice(self, deviceId):
        raise NotImplementedError

    def getDevice(self, deviceId):
        raise NotImplementedError

    def listDevices(self, room=None):
        raise NotImplementedError

    def setState(self, deviceId, value, battery=None):
        raise NotImplementedError

    def getState(self, deviceId):
        raise NotImplementedError


class StateJournal(object):
    """The last thousand changes, for the history page."""

    def __init__(self, limit=1000):
        self.limit = limit
        self.entries = []

    def append(self, deviceId, old, new):
        self.entries.append((time.time(), deviceId, old, new))
        del self.entries[: -self.limit]

    def since(self, when):
        return [e for e in self.entries if e[0] >= when]


class DeviceRegistry(AbstractRegistry):
    def __init__(self, path=config.DB):
        self.db = sqlite3.connect(path, check_same_thread=False)
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS device "
            "(id TEXT PRIMARY KEY, kind TEXT, name TEXT, room TEXT)"
        )
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS state "
            "(id TEXT PRIMARY KEY, value TEXT, battery INT, changed REAL)"
        )
        self.lock = threading.RLock()
        self.journal = StateJournal()
        self.listeners = []

    def addDevice(self, device):
        with self.lock:
            self.db.execute(
                "REPLACE INTO device VALUES (?,?,?,?)",
                (device.deviceId, device.kind, device.name, device.room),
            )
            self.db.commit()

    def removeDevice(self, deviceId):
        with self.lock:
            cur = self.db.execute("DELETE FROM device WHERE id=?", (deviceId,))
            self.db.execute("DELETE FROM state WHERE id=?", (deviceId,))
            self.db.commit()
        if not cur.rowcount:
            raise NoSuchDevice(deviceId)

    def getDevice(self, deviceId):
        row = self.db.execute(
            "SELECT id, kind, name, room FROM device WHERE id=?", (deviceId,)
        ).fetchone()
        if row is None:
            raise NoSuchDevice(deviceId)
        return Device(*row)

    def listDevices(self, room=None):
        sql = "SELECT id, kind, name, room FROM device"
        if room:
            rows = self.db.execute(sql + " WHERE room=? ORDER BY name", (room,))
        else:
            rows = self.db.execute(sql + " ORDER BY room, name")
        return [Device(*row) for row in rows]

    def setState(self, deviceId, value, battery=None):
        self.getDevice(deviceId)
        old = self.getState(deviceId)
        with self.lock:
            self.db.execute(
                "REPLACE INTO state VALUES (?,?,?,?)",
                (deviceId, value, battery, time.time()),
            )
            self.db.commit()
        self.journal.append(deviceId, old and old.value, value)
        for listener in self.listeners:
            listener(deviceId, value)

    def getState(self, deviceId):
        row = self.db.execute(
            "SELECT value, battery, changed FROM state WHERE id=?", (deviceId,)
        ).fetchone()
        return DeviceState(*row) if row else None

    def addListener(self, callback):
        self.listeners.append(callback)
