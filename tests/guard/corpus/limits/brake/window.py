import collections
import time


class SlidingWindow:
    def __init__(self, seconds):
        self.seconds = seconds
        self.times = collections.deque()

    def add(self):
        self.times.append(time.monotonic())

    def count(self):
        while self.times and self.times[0] < time.monotonic() - self.seconds:
            self.times.popleft()
        return len(self.times)

    def reset(self):
        self.times.clear()

    def remaining(self, most):
        return most - self.count()
