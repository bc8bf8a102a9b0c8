import random
from datetime import timedelta


class RetrySchedule:
    """When to try again: 1m, 5m, 30m, 2h, 6h, 24h, and then no more."""

    steps = (60, 300, 1800, 7200, 21600, 86400)

    def __init__(self, steps=None, jitter=0.1):
        self.steps = steps or self.steps
        self.jitter = jitter

    def delay_after(self, attempts):
        if attempts > len(self.steps):
            return None
        base = self.steps[attempts - 1]
        return timedelta(seconds=base + random.uniform(0, base * self.jitter))
