import json
import time

import redis


class ThingStore(object):
    """Devices for the app: add, rename, delete, switch.

    Reads and writes Redis, so that the app also works while the hub reboots.
    """

    def __init__(self, url="redis://localhost/3"):
        self.r = redis.StrictRedis.from_url(url, decode_responses=True)

    def put(self, thingId, **attrs):
        self.r.sadd("things", thingId)
        self.r.hset("thing:" + thingId, mapping=attrs)

    def drop(self, thingId):
        self.r.srem("things", thingId)
        self.r.delete("thing:" + thingId, "thing:%s:state" % thingId)

    def find(self, thingId):
        return self.r.hgetall("thing:" + thingId) or None

    def all(self):
        return [
            dict(self.find(t) or {}, id=t) for t in sorted(self.r.smembers("things"))
        ]

    def switch(self, thingId, state):
        doc = json.dumps({"state": state, "at": time.time()})
        self.r.set("thing:%s:state" % thingId, doc)
        self.r.publish("switch", thingId)

    def stateOf(self, thingId):
        doc = self.r.get("thing:%s:state" % thingId)
        return json.loads(doc)["state"] if doc else None
