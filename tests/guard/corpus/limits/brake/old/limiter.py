import time


class Limiter:
    """The first rate limiter."""

    def __init__(self, per_second):
        self.per_second = per_second
        self.last = {}

    def allow(self, key):
        now = time.time()
        if now - self.last.get(key, 0) < 1 / self.per_second:
            return False
        self.last[key] = now
        return True

    def reset(self, key):
        self.last.pop(key, None)
