import time
import uuid

import memcache


class SessionStore(object):
    def __init__(self, servers=("127.0.0.1:11211",), maxAge=3600):
        self.mc = memcache.Client(list(servers))
        self.maxAge = maxAge

    def create(self, userName):
        sid = uuid.uuid4().hex
        self.mc.set(
            "sess_" + sid, {"user": userName, "since": time.time()}, self.maxAge
        )
        return sid

    def check(self, sid):
        data = self.mc.get("sess_" + sid)
        if data is None:
            return None
        self.mc.touch("sess_" + sid, self.maxAge)
        return data["user"]

    def remove(self, sid):
        self.mc.delete("sess_" + sid)
