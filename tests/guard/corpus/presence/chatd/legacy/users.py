# chat 1.x.  Still imported by the telnet door and by the BBS statistics.
import os
import pickle
import time


class OnlineUsers:
    def __init__(self, fileName="/var/spool/chat/online.pck"):
        self.fileName = fileName

    def load(self):
        if not os.path.exists(self.fileName):
            return {}
        with open(self.fileName, "rb") as f:
            return pickle.load(f)

    def save(self, users):
        with open(self.fileName + ".new", "wb") as f:
            pickle.dump(users, f)
        os.rename(self.fileName + ".new", self.fileName)

    def login(self, name, line):
        users = self.load()
        users[name] = (line, time.time())
        self.save(users)

    def logout(self, name):
        users = self.load()
        if name in users:
            del users[name]
            self.save(users)

    def listAll(self):
        names = list(self.load())
        names.sort()
        return names


def telnetDoor(name, line, run):
    users = OnlineUsers()
    users.login(name, line)
    print("Also here: " + " ".join(users.listAll()))
    try:
        run()
    finally:
        users.logout(name)
