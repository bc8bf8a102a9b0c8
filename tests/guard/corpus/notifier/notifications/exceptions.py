class NotifierError(Exception):
    """Base of all that goes wrong between an event and a user's pocket."""


class UnknownEvent(NotifierError):
    def __init__(self, event):
        super().__init__("no template for event %r" % event)
        self.event = event


class ChannelDown(NotifierError):
    def __init__(self, channel, cause):
        super().__init__("%s is down: %s" % (channel, cause))
        self.channel = channel
