# -*- coding: utf-8 -*-
import logging
import os
import pickle
import threading

try:
    from configparser import ConfigParser
except ImportError:
    from ConfigParser import ConfigParser

from net.limits import Limit, TooManyCalls, TurnGiver
from net.throttle import Throttle

logger = logging.getLogger("net.throttle")


class RememberingThrottle(Throttle):
    """A Throttle that still knows after a restart what was called before it."""

    def __init__(self, path, limits=None, clock=None):
        Throttle.__init__(self, limits, clock)
        self.path = path
        if os.path.exists(path):
            with open(path, "rb") as f:
                self.windows = pickle.load(f)

    def waitTurn(self, service, patience=None):
        waited = Throttle.waitTurn(self, service, patience)
        self.save()
        return waited

    def save(self):
        with self.lock:
            with open(self.path + ".new", "wb") as f:
                pickle.dump(self.windows, f)
            os.rename(self.path + ".new", self.path)


class LoggingThrottle(TurnGiver):
    """Around another one: says in the log who waits for what and how long."""

    def __init__(self, throttle, who):
        self.throttle = throttle
        self.who = who
        self.seconds = 0

    def tryTurn(self, service):
        ok = self.throttle.tryTurn(service)
        if not ok:
            logger.info("%s has to come back for %s", self.who, service)
        return ok

    def waitTurn(self, service, patience=None):
        waited = self.throttle.waitTurn(service, patience)
        self.seconds += waited
        if waited:
            logger.info(
                "%s waited %.1f s for %s (%.1f in all)",
                self.who,
                waited,
                service,
                self.seconds,
            )
        return waited


class ConverterSlots(TurnGiver):
    """Turns at our own PDF converters: not by time, but so many jobs at once."""

    def __init__(self, slots):
        self.semaphores = dict(
            (name, threading.Semaphore(n)) for name, n in slots.items()
        )

    def tryTurn(self, service):
        return self.semaphores[service].acquire(False)

    def waitTurn(self, service, patience=None):
        if not self.semaphores[service].acquire(True, patience):
            raise TooManyCalls(service, patience)
        return 0

    def done(self, service):
        self.semaphores[service].release()


class ThrottleFactory:
    """Makes throttles as harvest.ini says."""

    def __init__(self, path="/etc/harvest.ini"):
        self.config = ConfigParser()
        self.config.read(path)

    def make(self, who):
        limits = dict((k, Limit.parse(v)) for k, v in self.config.items("limits"))
        if self.config.has_option("throttle", "memory"):
            throttle = RememberingThrottle(
                self.config.get("throttle", "memory"), limits
            )
        else:
            throttle = Throttle(limits)
        if self.config.getboolean("throttle", "verbose"):
            return LoggingThrottle(throttle, who)
        return throttle
