# -*- coding: utf-8 -*-


class FakeClock:
    def __init__(self, time=1000.0):
        self.time = time
        self.slept = []

    def now(self):
        return self.time

    def sleep(self, seconds):
        self.slept.append(seconds)
        self.time += seconds


class NoThrottle:
    """Everybody's turn is now."""

    def __init__(self):
        self.asked = []

    def tryTurn(self, service):
        self.asked.append(service)
        return True

    def waitTurn(self, service, patience=None):
        self.asked.append(service)
        return 0
