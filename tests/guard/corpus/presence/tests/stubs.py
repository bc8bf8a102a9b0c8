from chatd.presence.source import PresenceSource


class StubPresence(PresenceSource):
    def __init__(self, *names):
        self.names = list(names)
        self.calls = []

    def signOn(self, userName, connectionId, device="pc"):
        self.calls.append(("on", userName, connectionId))
        self.names.append(userName)

    def signOff(self, connectionId):
        self.calls.append(("off", connectionId))

    def isOnline(self, userName):
        return userName in self.names

    def getStatus(self, userName):
        return "online" if userName in self.names else "offline"

    def whoIsOnline(self):
        return sorted(self.names)


class NobodyOnline(PresenceSource):
    def isOnline(self, userName):
        return False

    def getStatus(self, userName):
        return "offline"

    def whoIsOnline(self):
        return []
