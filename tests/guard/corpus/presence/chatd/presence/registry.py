##
## presence/registry.py -- who is online
##
## A user may be connected more than once (office PC, phone, web).  He is
## online while at least one of his connections is alive.  Everything that has
## to know who is there asks the PresenceRegistry of the server.
##
import threading
import time

from chatd.presence.errors import NotOnlineError, UnknownStatusError
from chatd.presence.records import ConnectionRecord, PresenceChange
from chatd.presence.source import PresenceSource

STATUSES = ("online", "away", "busy")


class IdleReaper:
    """Finds the connections of a registry that have been silent too long."""

    def __init__(self, maxSilence):
        self.maxSilence = maxSilence

    def findDead(self, connections, now):
        return [c for c in connections if now - c.lastTouch > self.maxSilence]


class PresenceRegistry(PresenceSource):
    def __init__(self, maxSilence=90, clock=time.time):
        self.clock = clock
        self.reaper = IdleReaper(maxSilence)
        self.lock = threading.RLock()
        self.connections = {}  # connectionId -> ConnectionRecord
        self.statuses = {}  # userName -> status
        self.listeners = []

    def addListener(self, callback):
        self.listeners.append(callback)

    def _tell(self, userName, status):
        change = PresenceChange(userName, status, self.clock())
        for callback in list(self.listeners):
            callback(change)

    def signOn(self, userName, connectionId, device="pc"):
        with self.lock:
            first = not self.isOnline(userName)
            self.connections[connectionId] = ConnectionRecord(
                connectionId, userName, device, self.clock()
            )
            if first:
                self.statuses[userName] = "online"
        if first:
            self._tell(userName, "online")

    def touch(self, connectionId):
        with self.lock:
            if connectionId not in self.connections:
                raise NotOnlineError(connectionId)
            self.connections[connectionId].lastTouch = self.clock()

    def signOff(self, connectionId):
        with self.lock:
            record = self.connections.pop(connectionId, None)
            if record is None:
                return
            gone = not self.isOnline(record.userName)
            if gone:
                self.statuses.pop(record.userName, None)
        if gone:
            self._tell(record.userName, "offline")

    def setStatus(self, userName, status):
        if status not in STATUSES:
            raise UnknownStatusError(status)
        with self.lock:
            if not self.isOnline(userName):
                raise NotOnlineError(userName)
            self.statuses[userName] = status
        self._tell(userName, status)

    def isOnline(self, userName):
        with self.lock:
            return any(c.userName == userName for c in self.connections.values())

    def getStatus(self, userName):
        return self.statuses.get(userName, "offline")

    def whoIsOnline(self):
        with self.lock:
            return sorted(set(c.userName for c in self.connections.values()))

    def reap(self):
        with self.lock:
            dead = self.reaper.findDead(self.connections.values(), self.clock())
        for record in dead:
            self.signOff(record.connectionId)
        return len(dead)
