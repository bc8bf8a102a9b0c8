# -*- coding: utf-8 -*-
"""The web front end looks up covers and links while users search; four uwsgi machines share a Redis."""

import time

import redis
import requests


class OutboundLimiter(object):
    def __init__(self, client=None, prefix="outbound"):
        self.redis = client or redis.StrictRedis("redis.intern")
        self.prefix = prefix
        self.rates = {
            "covers": (100, 60),
            "unpaywall": (1000, 3600),
            "wikidata": (5, 1),
        }

    def _key(self, target, seconds):
        return "%s:%s:%d" % (self.prefix, target, int(time.time()) // seconds)

    def allowed(self, target):
        count, seconds = self.rates[target]
        key = self._key(target, seconds)
        pipe = self.redis.pipeline()
        pipe.incr(key)
        pipe.expire(key, seconds * 2)
        return pipe.execute()[0] <= count

    def block(self, target, timeout=10):
        end = time.time() + timeout
        while not self.allowed(target):
            if time.time() > end:
                return False
            time.sleep(0.2)
        return True

    def clear(self, target):
        _, seconds = self.rates[target]
        self.redis.delete(self._key(target, seconds))


limiter = OutboundLimiter()


def coverUrl(isbn):
    if not limiter.allowed("covers"):
        return "/static/nocover.png"
    answer = requests.get(
        "https://covers.example/api", params={"isbn": isbn}, timeout=2
    )
    return answer.json().get("url", "/static/nocover.png")
