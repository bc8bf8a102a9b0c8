import functools

from brake.errors import RateLimited


class Limited:
    def __init__(self, limiter, key=lambda *args: ""):
        self.limiter = limiter
        self.key = key

    def __call__(self, function):
        @functools.wraps(function)
        def inner(*args, **kwargs):
            key = self.key(*args)
            if not self.limiter.allow(key):
                raise RateLimited(key, self.limiter.seconds)
            return function(*args, **kwargs)

        inner.reset = self.reset
        return inner

    def reset(self, *args):
        self.limiter.reset(self.key(*args))
