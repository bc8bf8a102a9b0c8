class PresenceSource:
    """Base of everything that can tell who is online somewhere."""

    def isOnline(self, userName):
        raise NotImplementedError

    def getStatus(self, userName):
        raise NotImplementedError

    def whoIsOnline(self):
        raise NotImplementedError
