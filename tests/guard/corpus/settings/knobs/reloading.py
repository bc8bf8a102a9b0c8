import threading
import time

from knobs.loader import ConfigLoader


class ReloadingLoader:
    def __init__(self, loader: ConfigLoader, seconds=5):
        self.loader = loader
        self.seconds = seconds
        self.listeners = []

    def load(self, *paths):
        self.loader.load(*paths)
        threading.Thread(target=self._loop, args=paths, daemon=True).start()

    def lookup(self, name, default=None):
        return self.loader.lookup(name, default)

    def require(self, name):
        return self.loader.require(name)

    def watch(self):
        return self.loader.watch()

    def _loop(self, *paths):
        while True:
            time.sleep(self.seconds)
            if self.loader.watch():
                self.loader.load(*paths)
                for listener in self.listeners:
                    listener(self)
