import time


class Device(object):
    """One thing in the house: a lamp, a lock, a thermometer."""

    def __init__(self, deviceId, kind, name="", room=""):
        self.deviceId = deviceId
        self.kind = kind
        self.name = name or deviceId
        self.room = room

    def __repr__(self):
        return "<%s %s in %s>" % (self.kind, self.name, self.room or "?")


class DeviceState(object):
    __slots__ = ("value", "battery", "changed")

    def __init__(self, value, battery=None, changed=None):
        self.value = value
        self.battery = battery
        self.changed = changed or time.time()

    def isLow(self):
        return self.battery is not None and self.battery < 15


class DeviceError(Exception):
    pass


class NoSuchDevice(DeviceError):
    def __init__(self, deviceId):
        DeviceError.__init__(self, "no device %s" % deviceId)
        self.deviceId = deviceId
