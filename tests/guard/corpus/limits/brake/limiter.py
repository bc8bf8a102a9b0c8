import time

from brake.errors import RateLimited
from brake.window import SlidingWindow


class RateLimiter:
    """At most so many in so many seconds, for each key."""

    def __init__(self, most, seconds):
        self.most = most
        self.seconds = seconds
        self._windows = {}
        self._blocked = {}

    def allow(self, key):
        if self._blocked.get(key, 0) > time.monotonic():
            return False
        window = self._windows.setdefault(key, SlidingWindow(self.seconds))
        if window.count() >= self.most:
            return False
        window.add()
        return True

    def remaining(self, key):
        window = self._windows.get(key)
        return self.most - window.count() if window else self.most

    def wait_for(self, key, timeout=10):
        end = time.monotonic() + timeout
        while not self.allow(key):
            if time.monotonic() > end:
                raise RateLimited(key, self.seconds)
            time.sleep(0.05)

    def block(self, key, seconds):
        self._blocked[key] = time.monotonic() + seconds

    def reset(self, key):
        self._windows.pop(key, None)
        self._blocked.pop(key, None)
