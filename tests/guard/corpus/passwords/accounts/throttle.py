import time


class ThrottledStore(object):
    """A password store that lets nobody guess: after five misses in a row
    the user has to wait. Everything else goes to the store inside."""

    def __init__(self, store, maxMisses=5, wait=300):
        self.store = store
        self.maxMisses = maxMisses
        self.wait = wait
        self.misses = {}

    def checkPassword(self, userName, password):
        count, last = self.misses.get(userName, (0, 0))
        if count >= self.maxMisses and time.time() - last < self.wait:
            return False
        if self.store.checkPassword(userName, password):
            self.misses.pop(userName, None)
            return True
        self.misses[userName] = (count + 1, time.time())
        return False

    def setPassword(self, userName, password):
        self.store.setPassword(userName, password)
        self.misses.pop(userName, None)

    def changePassword(self, userName, oldPassword, newPassword):
        self.store.changePassword(userName, oldPassword, newPassword)

    def __getattr__(self, name):
        return getattr(self.store, name)
