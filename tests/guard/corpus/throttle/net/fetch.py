# -*- coding: utf-8 -*-
import logging
import random
import time
import urllib.error
import urllib.parse
import urllib.request

logger = logging.getLogger("net.fetch")


class FetchFailed(Exception):
    pass


class Retrier:
    """Calls again after a failure, later each time. Gives up after so many attempts."""

    def __init__(self, attempts=5, first=1.0, factor=2.0):
        self.attempts = attempts
        self.first = first
        self.factor = factor

    def call(self, function, *args):
        pause = self.first
        for attempt in range(1, self.attempts + 1):
            try:
                return function(*args)
            except (urllib.error.URLError, IOError) as e:
                if attempt == self.attempts:
                    raise FetchFailed("%s after %d attempts" % (e, attempt))
                logger.warning("attempt %d: %s", attempt, e)
                time.sleep(pause * random.uniform(0.8, 1.2))
                pause *= self.factor


class Fetcher:
    """GET with our User-Agent, in turn, and again on failure."""

    def __init__(self, throttle, retrier=None):
        self.throttle = throttle
        self.retrier = retrier or Retrier()

    def get(self, service, url, params=None):
        if params:
            url += "?" + urllib.parse.urlencode(params)
        return self.retrier.call(self._getOnce, service, url)

    def _getOnce(self, service, url):
        self.throttle.waitTurn(service)
        request = urllib.request.Request(
            url, headers={"User-Agent": "uniharvest (bib@uni.example)"}
        )
        answer = urllib.request.urlopen(request, timeout=60)
        try:
            return answer.read()
        finally:
            answer.close()
