import time


class UserPulse:
    """user -> last sign of life.  pulse.beat(u); pulse.alive(u); pulse.allAlive()"""

    def __init__(self, seconds=120):
        self.seconds = seconds
        self.last = {}

    def beat(self, user):
        self.last[user] = time.time()

    def stop(self, user):
        self.last.pop(user, None)

    def alive(self, user):
        return time.time() - self.last.get(user, 0) < self.seconds

    def allAlive(self):
        return [u for u in self.last if self.alive(u)]
