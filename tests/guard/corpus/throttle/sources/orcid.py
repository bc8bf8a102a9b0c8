# -*- coding: utf-8 -*-
import time

import requests

TOKEN_URL = "https://orcid.org/oauth/token"


class TokenBox:
    """Our access token for ORCID. Fetches a new one when the old one has run out."""

    def __init__(self, clientId, secret):
        self.clientId = clientId
        self.secret = secret
        self.token = None
        self.expires = 0

    def acquire(self):
        if self.token is None or time.time() > self.expires - 60:
            answer = requests.post(
                TOKEN_URL,
                data={
                    "client_id": self.clientId,
                    "client_secret": self.secret,
                    "grant_type": "client_credentials",
                    "scope": "/read-public",
                },
            ).json()
            self.token = answer["access_token"]
            self.expires = time.time() + answer["expires_in"]
        return self.token

    def reset(self):
        self.token = None


class TokenBucket:
    """24 requests a second to ORCID with bursts of 40."""

    def __init__(self, rate=24.0, burst=40):
        self.rate = rate
        self.burst = burst
        self.tokens = burst
        self.last = time.time()

    def _fill(self):
        now = time.time()
        self.tokens = min(self.burst, self.tokens + (now - self.last) * self.rate)
        self.last = now

    def take(self, n=1):
        self._fill()
        while self.tokens < n:
            time.sleep((n - self.tokens) / self.rate)
            self._fill()
        self.tokens -= n

    def available(self):
        self._fill()
        return int(self.tokens)


class OrcidSource:
    def __init__(self, clientId, secret):
        self.box = TokenBox(clientId, secret)
        self.bucket = TokenBucket()

    def record(self, orcid):
        self.bucket.take()
        return requests.get(
            "https://pub.orcid.org/v3.0/%s/record" % orcid,
            headers={
                "Authorization": "Bearer " + self.box.acquire(),
                "Accept": "application/json",
            },
        ).json()
