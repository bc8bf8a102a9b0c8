from xmlrpc.server import SimpleXMLRPCServer

from hub import config
from hub.device import Device


class RegistryRpc(object):
    """What the wall panels see of the registry (strings and dicts only)."""

    def __init__(self, registry):
        self._registry = registry

    def add(self, deviceId, kind, name, room):
        self._registry.addDevice(Device(deviceId, kind, name, room))
        return True

    def devices(self, room=""):
        return [
            {"id": d.deviceId, "name": d.name, "kind": d.kind}
            for d in self._registry.listDevices(room or None)
        ]

    def get(self, deviceId):
        state = self._registry.getState(deviceId)
        return state.value if state else ""

    def set(self, deviceId, value):
        self._registry.setState(deviceId, value)
        return True


def serve(registry):
    server = SimpleXMLRPCServer(("", config.XMLRPC_PORT), allow_none=True)
    server.register_instance(RegistryRpc(registry))
    server.serve_forever()
