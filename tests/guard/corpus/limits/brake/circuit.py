import time


class CircuitBreaker:
    """Stops calling what fails."""

    def __init__(self, threshold, pause):
        self.threshold = threshold
        self.pause = pause
        self.failures = []
        self.opened = None

    def allow(self):
        return self.opened is None or time.monotonic() - self.opened > self.pause

    def failed(self, error):
        self.failures.append(error)
        if len(self.failures) >= self.threshold:
            self.block()

    def block(self):
        self.opened = time.monotonic()

    def reset(self):
        self.failures.clear()
        self.opened = None
