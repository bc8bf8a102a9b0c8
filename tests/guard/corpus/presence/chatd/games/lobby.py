# Games department, own Redis.  -- mk 2015
import time

import redis

from chatd.utils.pulse import UserPulse


class PlayersOnline:
    def __init__(self, host="games-redis", timeout=45):
        self.db = redis.Redis(host, decode_responses=True)
        self.timeout = timeout

    def enter(self, player):
        self.db.zadd("players", {player: time.time()})
        self.db.publish("players", "enter " + player)

    ping = enter

    def leave(self, player):
        if self.db.zrem("players", player):
            self.db.publish("players", "leave " + player)

    def everybody(self):
        self.db.zremrangebyscore("players", 0, time.time() - self.timeout)
        return self.db.zrange("players", 0, -1)

    def isThere(self, player):
        score = self.db.zscore("players", player)
        return score is not None and score > time.time() - self.timeout


class ChallengeDesk:
    """Chess challenges: only against somebody who is there."""

    def __init__(self):
        self.players = PlayersOnline()
        self.pulse = UserPulse(300)
        self.open = {}

    def challenge(self, a, b):
        self.pulse.beat(a)
        if not self.players.isThere(b) and not self.pulse.alive(b):
            return False
        self.open[b] = a
        return True

    def accept(self, b):
        return self.open.pop(b, None), b
