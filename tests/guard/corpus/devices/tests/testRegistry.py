import unittest

from hub.device import Device, NoSuchDevice
from hub.registries import RoomRegistry
from hub.registry import DeviceRegistry
from hub.rpcserver import RegistryRpc


class RegistryStub(object):
    def __init__(self):
        self.set = []

    def setState(self, deviceId, value, battery=None):
        self.set.append((deviceId, value))

    def getState(self, deviceId):
        return None

    def listDevices(self, room=None):
        return [Device("d1", "lamp")]


class RegistryTest(unittest.TestCase):
    def setUp(self):
        self.registry = DeviceRegistry(":memory:")
        self.registry.addDevice(Device("l1", "lamp", "Desk lamp", "study"))

    def testState(self):
        self.registry.setState("l1", "on")
        self.assertEqual(self.registry.getState("l1").value, "on")

    def testUnknown(self):
        self.assertRaises(NoSuchDevice, self.registry.getDevice, "l2")

    def testRoom(self):
        registry = RoomRegistry(":memory:")
        registry.addDevice(Device("l1", "lamp", "", "study"))
        self.assertEqual(registry.rooms(), ["study"])

    def testRpc(self):
        stub = RegistryStub()
        RegistryRpc(stub).set("d1", "off")
        self.assertEqual(stub.set, [("d1", "off")])
