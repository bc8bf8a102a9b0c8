class ConnectionRecord:
    __slots__ = ("connectionId", "userName", "device", "since", "lastTouch")

    def __init__(self, connectionId, userName, device, since):
        self.connectionId = connectionId
        self.userName = userName
        self.device = device
        self.since = since
        self.lastTouch = since


class PresenceChange:
    __slots__ = ("userName", "status", "when")

    def __init__(self, userName, status, when):
        self.userName = userName
        self.status = status
        self.when = when

    def __repr__(self):
        return "<%s is %s>" % (self.userName, self.status)
