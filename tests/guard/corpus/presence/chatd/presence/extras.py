from chatd.presence.registry import PresenceRegistry
from chatd.presence.source import PresenceSource


class InvisibleRegistry(PresenceRegistry):
    """Users may hide: they are connected but nobody is told."""

    def __init__(self, *args, **kw):
        PresenceRegistry.__init__(self, *args, **kw)
        self.hidden = set()

    def hide(self, userName):
        self.hidden.add(userName)
        self._tell(userName, "offline")

    def show(self, userName):
        self.hidden.discard(userName)
        self._tell(userName, self.getStatus(userName))

    def whoIsOnline(self):
        return [u for u in PresenceRegistry.whoIsOnline(self) if u not in self.hidden]


class LoggedPresence(PresenceSource):
    """Wraps a registry; writes every sign-on and sign-off to the access log
    (works council agreement of 2011: no statuses, only on and off)."""

    def __init__(self, registry, logFile):
        self.registry = registry
        self.logFile = logFile

    def signOn(self, userName, connectionId, device="pc"):
        self.logFile.write("+ %s %s %s\n" % (userName, connectionId, device))
        self.registry.signOn(userName, connectionId, device)

    def signOff(self, connectionId):
        self.logFile.write("- %s\n" % connectionId)
        self.registry.signOff(connectionId)

    def isOnline(self, userName):
        return self.registry.isOnline(userName)

    def getStatus(self, userName):
        return self.registry.getStatus(userName)

    def whoIsOnline(self):
        return self.registry.whoIsOnline()


class RegistryMaker:
    """Reads [presence] in chatd.ini."""

    def __init__(self, iniFile):
        self.iniFile = iniFile

    def make(self):
        silence = self.iniFile.getint("presence", "maxSilence")
        if self.iniFile.getboolean("presence", "allowInvisible"):
            registry = InvisibleRegistry(silence)
        else:
            registry = PresenceRegistry(silence)
        logName = self.iniFile.get("presence", "accessLog", fallback="")
        if logName:
            return LoggedPresence(registry, open(logName, "a"))
        return registry
