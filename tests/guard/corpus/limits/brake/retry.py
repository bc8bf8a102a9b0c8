import random


class RetryPolicy:
    def __init__(self, attempts, base):
        self.attempts = attempts
        self.base = base
        self.used = 0

    def wait_for(self, error):
        self.used += 1
        return self.base * 2**self.used * random.random()

    def remaining(self):
        return self.attempts - self.used

    def reset(self):
        self.used = 0
