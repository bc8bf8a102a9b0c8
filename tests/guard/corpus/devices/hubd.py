#!/usr/bin/env python
import sys

from hub.discovery import DeviceDiscovery
from hub.registries import DummyRegistry, RegistryMaker
from hub.rpcserver import serve
from plugins import plugins


def main(argv):
    if "--dry-run" in argv:
        registry = DummyRegistry()
    else:
        registry = RegistryMaker({"verbose": "-v" in argv}).make()
    for device in DeviceDiscovery().listDevices():
        registry.addDevice(device)
    plugins.loadAll()
    serve(registry)


if __name__ == "__main__":
    main(sys.argv[1:])
