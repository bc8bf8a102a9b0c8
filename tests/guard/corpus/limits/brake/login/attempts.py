import time


class LoginAttempts:
    """Five wrong passwords, then a quarter of an hour of silence."""

    def __init__(self):
        self.buckets = {}
        self.locked = {}

    def allow(self, key):
        if self.locked.get(key, 0) > time.monotonic():
            return False
        bucket = self.buckets.setdefault(key, [])
        bucket.append(time.monotonic())
        if len(bucket) > 5:
            self.block(key, 900)
        return len(bucket) <= 5

    def remaining(self, key):
        return 5 - len(self.buckets.get(key, []))

    def block(self, key, seconds):
        self.locked[key] = time.monotonic() + seconds

    def succeeded(self, key):
        self.buckets.pop(key, None)
