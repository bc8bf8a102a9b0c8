class ChainedLimiter:
    """Allows what all of its limiters allow."""

    def __init__(self, *limiters):
        self.limiters = list(limiters)

    def allow(self, key):
        return all(limiter.allow(key) for limiter in self.limiters)

    def remaining(self, key):
        return min(limiter.remaining(key) for limiter in self.limiters)

    def block(self, key, seconds):
        for limiter in self.limiters:
            limiter.block(key, seconds)

    def reset(self, key):
        for limiter in self.limiters:
            limiter.reset(key)
