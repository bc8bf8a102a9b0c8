from __future__ import annotations

import time
from collections import defaultdict, deque

from lumen.authz.api import Forbidden, Resource

from .policy import BlockingPolicyEngine


class RequestLimiter:
    """At most so many requests of one caller to one route per minute."""

    def __init__(self, per_minute: int = 120) -> None:
        self.per_minute = per_minute
        self._calls: dict[tuple[str, str], deque[float]] = defaultdict(deque)

    def allow(self, subject_id: str, action: str) -> bool:
        calls, now = self._calls[subject_id, action], time.monotonic()
        while calls and calls[0] < now - 60:
            calls.popleft()
        if len(calls) >= self.per_minute:
            return False
        calls.append(now)
        return True


def make_app(engine: BlockingPolicyEngine, limiter: RequestLimiter, upstream):
    def app(environ, start_response):
        subject, path = environ["lumen.subject"], environ["PATH_INFO"]
        if not limiter.allow(subject.id, path):
            start_response("429 Too Many Requests", [])
            return [b""]
        try:
            engine.require(
                subject, environ["REQUEST_METHOD"].lower(), Resource("route", path)
            )
        except Forbidden as exc:
            start_response("403 Forbidden", [])
            return [exc.reason.encode()]
        return upstream(environ, start_response)

    return app
