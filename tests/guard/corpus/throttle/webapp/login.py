# -*- coding: utf-8 -*-
import hashlib
import time


class LoginGuard:
    """Locks an account for a quarter of an hour after five wrong passwords."""

    def __init__(self, tries=5, seconds=900):
        self.tries = tries
        self.seconds = seconds
        self.failures = {}

    def locked(self, user):
        count, last = self.failures.get(user, (0, 0))
        return count >= self.tries and time.time() - last < self.seconds

    def failed(self, user):
        count, _ = self.failures.get(user, (0, 0))
        self.failures[user] = (count + 1, time.time())

    def reset(self, user):
        self.failures.pop(user, None)


class LoginForm:
    def __init__(self, users, guard=None):
        self.users = users
        self.guard = guard or LoginGuard()

    def check(self, name, password):
        if self.guard.locked(name):
            return False
        salt, digest = self.users.get(name, ("", ""))
        if hashlib.sha256((salt + password).encode("utf-8")).hexdigest() == digest:
            self.guard.reset(name)
            return True
        self.guard.failed(name)
        return False
