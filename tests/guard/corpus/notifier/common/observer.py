import os
import threading
import time


class FileChangeNotifier(threading.Thread):
    """Polls files and calls back the subscribers whose file has changed (template reload)."""

    def __init__(self, interval=1.0):
        super().__init__(daemon=True)
        self.interval = interval
        self._subscribers = {}
        self._mtimes = {}

    def subscribe(self, path, callback):
        self._subscribers.setdefault(path, []).append(callback)
        self._mtimes[path] = os.path.getmtime(path)

    def unsubscribe(self, path, callback):
        self._subscribers[path].remove(callback)

    def notify(self, path):
        for callback in self._subscribers.get(path, ()):
            callback(path)

    def run(self):
        while True:
            for path, before in list(self._mtimes.items()):
                now = os.path.getmtime(path)
                if now != before:
                    self._mtimes[path] = now
                    self.notify(path)
            time.sleep(self.interval)
