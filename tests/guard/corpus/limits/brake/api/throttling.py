import time


class Throttle:
    def __init__(self, rate):
        count, _, unit = rate.partition("/")
        self.count = int(count)
        self.seconds = {"s": 1, "m": 60, "h": 3600}[unit]
        self.hits = {}
        self.banned = {}

    def allow_request(self, key):
        now = time.monotonic()
        if self.banned.get(key, 0) > now:
            return False
        hits = self.hits.setdefault(key, [])
        hits.append(now)
        return len([hit for hit in hits if hit > now - self.seconds]) <= self.count

    def remaining(self, key):
        return max(0, self.count - len(self.hits.get(key, [])))

    def block(self, key, seconds):
        self.banned[key] = time.monotonic() + seconds

    def reset(self, key):
        self.hits.pop(key, None)
