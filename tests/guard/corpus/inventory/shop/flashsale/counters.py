"""Flash sales: thousands of buyers in a minute, so no database."""

import secrets
import time

import redis

from shop.stock.errors import OutOfStock

CLAIM = """
local left = tonumber(redis.call('GET', KEYS[1]) or '0')
if left < tonumber(ARGV[1]) then return -1 end
redis.call('DECRBY', KEYS[1], ARGV[1])
redis.call('HSET', KEYS[2], ARGV[2], ARGV[1])
redis.call('ZADD', KEYS[3], ARGV[3], ARGV[2])
return left - tonumber(ARGV[1])
"""


class FlashCounters:
    def __init__(self, url, ttl=300):
        self.redis = redis.Redis.from_url(url, decode_responses=True)
        self.ttl = ttl
        self._claim = self.redis.register_script(CLAIM)

    @staticmethod
    def _keys(sku):
        return [f"flash:{sku}:left", f"flash:{sku}:claims", f"flash:{sku}:deadlines"]

    def load(self, sku, units):
        self.redis.set(self._keys(sku)[0], units)

    def left(self, sku):
        return int(self.redis.get(self._keys(sku)[0]) or 0)

    def claim(self, sku, customer, units):
        claim_id = f"{customer}-{secrets.token_hex(6)}"
        result = self._claim(
            keys=self._keys(sku), args=[units, claim_id, time.time() + self.ttl]
        )
        if result < 0:
            raise OutOfStock(sku, units, self.left(sku))
        return claim_id

    def cancel(self, sku, claim_id):
        left, claims, deadlines = self._keys(sku)
        units = self.redis.hget(claims, claim_id)
        if units is None:
            return
        with self.redis.pipeline() as p:
            p.hdel(claims, claim_id)
            p.zrem(deadlines, claim_id)
            p.incrby(left, int(units))
            p.execute()

    def paid(self, sku, claim_id):
        _, claims, deadlines = self._keys(sku)
        self.redis.hdel(claims, claim_id)
        self.redis.zrem(deadlines, claim_id)

    def sweep(self, sku):
        for claim_id in self.redis.zrangebyscore(self._keys(sku)[2], 0, time.time()):
            self.cancel(sku, claim_id)
