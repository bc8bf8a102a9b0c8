import logging

from hub import config
from hub.cloud import CloudRegistry
from hub.registry import DeviceRegistry

log = logging.getLogger("hub.registry")


class RoomRegistry(DeviceRegistry):
    """DeviceRegistry that can also switch a whole room."""

    def setRoom(self, room, value):
        for device in self.listDevices(room):
            self.setState(device.deviceId, value)

    def rooms(self):
        return sorted(set(d.room for d in self.listDevices() if d.room))


class LoggingRegistry(object):
    """Put it around a registry to see who does what."""

    def __init__(self, registry, level=logging.INFO):
        self.registry = registry
        self.level = level

    def setState(self, deviceId, value, battery=None):
        log.log(self.level, "%s -> %s", deviceId, value)
        return self.registry.setState(deviceId, value, battery)

    def removeDevice(self, deviceId):
        log.warning("removing %s", deviceId)
        return self.registry.removeDevice(deviceId)

    def __getattr__(self, name):
        return getattr(self.registry, name)


class RegistryMaker(object):
    def __init__(self, options):
        self.options = options

    def make(self):
        if self.options.get("cloud"):
            return CloudRegistry(self.options["cloud"])
        registry = RoomRegistry(self.options.get("db", config.DB))
        if self.options.get("verbose"):
            registry = LoggingRegistry(registry)
        return registry


class DummyRegistry(object):
    """For --dry-run."""

    def addDevice(self, device):
        pass

    removeDevice = addDevice

    def getDevice(self, deviceId):
        return None

    getState = getDevice

    def listDevices(self, room=None):
        return []

    def setState(self, deviceId, value, battery=None):
        pass
