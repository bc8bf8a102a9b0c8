import threading
import time
import urllib.error
import urllib.request
from urllib.parse import urlsplit

_lock = threading.Lock()


class SlowGet:
    """urllib with manners; no dependencies. ``SlowGet()(url)`` returns bytes."""

    def __init__(self, seconds=1.5, agent="harvest-utils"):
        self.seconds = seconds
        self.agent = agent
        self.when = {}

    def __call__(self, url):
        host = urlsplit(url).hostname
        with _lock:
            rest = self.when.get(host, 0) - time.time()
            if rest > 0:
                time.sleep(rest)
            self.when[host] = time.time() + self.seconds
        request = urllib.request.Request(url, headers={"User-Agent": self.agent})
        try:
            with urllib.request.urlopen(request, timeout=30) as f:
                return f.read()
        except urllib.error.HTTPError as e:
            if e.code not in (429, 503):
                raise
            self.when[host] = time.time() + float(e.headers.get("Retry-After") or 30)
            return self(url)
