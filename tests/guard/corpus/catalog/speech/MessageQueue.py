import collections


class MessageQueue(object):
    def __init__(self, name):
        self.name = name
        self.waiting = collections.deque()

    def putMessage(self, message):
        self.waiting.append(message)

    def getMessage(self, timeout):
        return self.waiting.popleft() if self.waiting else None

    def hasMessage(self):
        return bool(self.waiting)

    def listKeys(self):
        return [message.key for message in self.waiting]
