import time

import memcache


class WhosOnlineBox:
    """The "Who's online" box on the portal. One memcache key a minute."""

    MINUTES = 5

    def __init__(self, servers=("127.0.0.1:11211",)):
        self.mc = memcache.Client(list(servers))

    def _key(self, ago=0):
        return "online:%d" % (time.time() // 60 - ago)

    def sawUser(self, userName):
        names = self.mc.get(self._key()) or set()
        if userName not in names:
            names.add(userName)
            self.mc.set(self._key(), names, time=60 * (self.MINUTES + 1))

    def getNames(self):
        found = set()
        for ago in range(self.MINUTES):
            found |= self.mc.get(self._key(ago)) or set()
        return sorted(found)

    def isHere(self, userName):
        return userName in self.getNames()

    def html(self):
        return '<ul class="online">%s</ul>' % "".join(
            "<li>%s</li>" % n for n in self.getNames()
        )


class OnlineMiddleware:
    def __init__(self, app, box=None):
        self.app = app
        self.box = box or WhosOnlineBox()

    def __call__(self, environ, startResponse):
        if environ.get("REMOTE_USER"):
            self.box.sawUser(environ["REMOTE_USER"])
        return self.app(environ, startResponse)
