import random

from django_redis import get_redis_connection

# SPOP would be nicer, but the codes must stay readable for support


class FlashCodes:
    """Single-use money-off codes for flash sales, all in Redis."""

    def __init__(self, sale, ttl=6 * 3600):
        self.sale = sale
        self.ttl = ttl
        self.redis = get_redis_connection("default")

    def key(self):
        return "flash:%s" % self.sale

    def hand_out(self, count, cents):
        codes = [
            "%s%05d" % (self.sale[:3].upper(), n)
            for n in random.sample(range(100000), count)
        ]
        self.redis.hset(self.key(), mapping={c: cents for c in codes})
        self.redis.expire(self.key(), self.ttl)
        return codes

    def cash_in(self, code):
        pipe = self.redis.pipeline()
        pipe.hget(self.key(), code)
        pipe.hdel(self.key(), code)
        cents, gone = pipe.execute()
        if not gone:
            return 0
        self.redis.hincrby("flash:stats", self.sale, 1)
        return int(cents)
