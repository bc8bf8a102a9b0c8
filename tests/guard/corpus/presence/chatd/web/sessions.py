import os
import pickle
import time


class SessionStore:
    """Cookie sessions of the portal: what is in the user's basket, language..."""

    def __init__(self, folder, maxAge=14 * 86400):
        self.folder = folder
        self.maxAge = maxAge

    def _path(self, sessionId):
        return os.path.join(self.folder, os.path.basename(sessionId))

    def create(self):
        sessionId = os.urandom(16).hex()
        self.put(sessionId, {})
        return sessionId

    def get(self, sessionId):
        try:
            with open(self._path(sessionId), "rb") as f:
                return pickle.load(f)
        except IOError:
            return None

    def put(self, sessionId, data):
        with open(self._path(sessionId), "wb") as f:
            pickle.dump(data, f)

    def touch(self, sessionId):
        os.utime(self._path(sessionId))

    def reap(self):
        for name in os.listdir(self.folder):
            if time.time() - os.path.getmtime(self._path(name)) > self.maxAge:
                os.remove(self._path(name))


class WebPresence:
    """Our pages elsewhere, for the footer and for the sitemap."""

    def __init__(self, iniFile):
        self.profiles = dict(iniFile.items("socialMedia"))

    def getLink(self, network):
        return self.profiles.get(network)

    def footer(self):
        return " ".join(
            '<a href="%s">%s</a>' % (u, n) for n, u in sorted(self.profiles.items())
        )
