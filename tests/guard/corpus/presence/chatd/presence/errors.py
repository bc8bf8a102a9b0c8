class PresenceError(Exception):
    pass


class NotOnlineError(PresenceError):
    def __init__(self, who):
        PresenceError.__init__(self, "%s is not online" % who)
        self.who = who


class UnknownStatusError(PresenceError, ValueError):
    pass
