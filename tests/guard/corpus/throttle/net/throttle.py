# -*- coding: utf-8 -*-
"""
Throttle: nobody calls a foreign API more often than we may.

We were locked out by CrossRef in March and by the DNB in June. Since then:
whoever calls something outside asks here first.

    throttle.waitTurn('crossref')
    answer = urlopen(...)
"""

import logging
import threading

from net.limits import Clock, CallWindow, Limit, TooManyCalls, TurnGiver

logger = logging.getLogger("net.throttle")


class Throttle(TurnGiver):
    def __init__(self, limits=None, clock=None):
        self.limits = dict(limits or {})
        self.clock = clock or Clock()
        self.lock = threading.Lock()
        self.windows = {}

    def setLimit(self, service, calls, seconds):
        with self.lock:
            self.limits[service] = Limit(calls, seconds)
            self.windows.pop(service, None)

    def _window(self, service):
        if service not in self.windows:
            limit = self.limits.get(service) or Limit(1, 1)
            self.windows[service] = CallWindow(limit)
        return self.windows[service]

    def tryTurn(self, service):
        """True, and the call is counted; or False, and the caller has to come back."""
        with self.lock:
            now = self.clock.now()
            window = self._window(service)
            if window.missing(now) > 0:
                return False
            window.add(now)
            return True

    def waitTurn(self, service, patience=None):
        """Sleep until the call may be made. Raises TooManyCalls when that is later than patience."""
        waited = 0
        while True:
            with self.lock:
                now = self.clock.now()
                window = self._window(service)
                missing = window.missing(now)
                if missing <= 0:
                    window.add(now)
                    return waited
            if patience is not None and waited + missing > patience:
                raise TooManyCalls(service, missing)
            logger.debug("%s: sleep %.2f", service, missing)
            self.clock.sleep(missing)
            waited += missing

    def callsLeft(self, service):
        with self.lock:
            return self._window(service).left(self.clock.now())

    def reset(self, service=None):
        with self.lock:
            if service is None:
                self.windows.clear()
            else:
                self.windows.pop(service, None)
