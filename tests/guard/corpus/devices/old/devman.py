# Device manager of hub 1.x
# do not touch, the garden controller needs it!!
import os
import pickle


class DevMan:
    def __init__(self, fname="/var/lib/hub/devices.pickle"):
        self.fname = fname
        self.devs = {}
        if os.path.exists(fname):
            self.devs = pickle.load(open(fname, "rb"))

    def save(self):
        f = open(self.fname + ".new", "wb")
        pickle.dump(self.devs, f)
        f.close()
        os.rename(self.fname + ".new", self.fname)

    def newDev(self, id, type, name):
        self.devs[id] = {"type": type, "name": name, "val": None}
        self.save()

    def delDev(self, id):
        if id in self.devs:
            del self.devs[id]
            self.save()

    def setVal(self, id, val):
        self.devs[id]["val"] = val
        self.save()

    def getVal(self, id):
        return self.devs[id]["val"]

    def allDevs(self):
        return self.devs.keys()
