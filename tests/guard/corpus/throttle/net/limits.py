# -*- coding: utf-8 -*-
import time
from collections import deque, namedtuple

Turn = namedtuple("Turn", "service start end")


class Limit:
    """So many calls in so many seconds."""

    def __init__(self, calls, seconds):
        self.calls = calls
        self.seconds = seconds

    @classmethod
    def parse(cls, text):
        # '50/1', '20000/604800'
        calls, seconds = text.split("/")
        return cls(int(calls), float(seconds))

    def __eq__(self, other):
        return (self.calls, self.seconds) == (other.calls, other.seconds)

    def __repr__(self):
        return "Limit(%r, %r)" % (self.calls, self.seconds)


class TooManyCalls(Exception):
    def __init__(self, service, seconds):
        Exception.__init__(self, "%s: come back in %.1f seconds" % (service, seconds))
        self.service = service
        self.seconds = seconds


class Clock:
    """So that tests need not sleep."""

    def now(self):
        return time.time()

    def sleep(self, seconds):
        time.sleep(seconds)


class CallWindow:
    """The calls of the last so many seconds. Not thread safe, the owner locks."""

    def __init__(self, limit):
        self.limit = limit
        self.calls = deque()

    def _forget(self, now):
        while self.calls and self.calls[0] <= now - self.limit.seconds:
            self.calls.popleft()

    def missing(self, now):
        self._forget(now)
        if len(self.calls) < self.limit.calls:
            return 0
        return self.calls[0] + self.limit.seconds - now

    def left(self, now):
        self._forget(now)
        return self.limit.calls - len(self.calls)

    def add(self, now):
        self.calls.append(now)


class TurnGiver:
    """Base class of everything that says when it is somebody's turn."""

    def tryTurn(self, service):
        raise NotImplementedError

    def waitTurn(self, service, patience=None):
        raise NotImplementedError
