import time

from old.devman import DevMan
from old.inventory import Inventory


def waterAll(minutes):
    dm = DevMan()
    for id in dm.allDevs():
        if dm.devs[id]["type"] == "valve":
            dm.setVal(id, "open")
    time.sleep(minutes * 60)
    for id in dm.allDevs():
        if dm.devs[id]["type"] == "valve":
            dm.setVal(id, "closed")


def stockReport():
    for row in Inventory().lookup("hose"):
        print("%(part)s: %(count)s" % row)
