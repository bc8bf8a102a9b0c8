import os
import time


class PageCache:
    """finished HTML of slow pages, kept on disk for some minutes"""

    def __init__(self, root, seconds=300):
        self.root = root
        self.seconds = seconds

    def _path(self, key):
        return os.path.join(self.root, key.replace("/", "_") + ".html")

    def getPage(self, key, makeFunc):
        p = self._path(key)
        if os.path.exists(p) and time.time() - os.path.getmtime(p) < self.seconds:
            with open(p, encoding="utf-8") as f:
                return f.read()
        html = makeFunc()
        with open(p, "w", encoding="utf-8") as f:
            f.write(html)
        return html

    def drop(self, key):
        if os.path.exists(self._path(key)):
            os.unlink(self._path(key))
