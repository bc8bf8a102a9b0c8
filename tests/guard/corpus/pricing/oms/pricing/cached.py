import pickle

from oms.pricing.base import Pricer


class CachedPrices(Pricer):
    """Keeps the answers of another pricer in memcached for a few minutes."""

    def __init__(self, engine, memcache, ttl=300):
        self.engine = engine
        self.memcache = memcache
        self.ttl = ttl
        self.hits = 0

    def priceFor(self, customerNo, itemNo, qty, onDate=None):
        key = "price:%s:%s:%s:%s" % (customerNo, itemNo, qty, onDate)
        raw = self.memcache.get(key)
        if raw is not None:
            self.hits += 1
            return pickle.loads(raw)
        line = self.engine.priceFor(customerNo, itemNo, qty, onDate)
        self.memcache.set(key, pickle.dumps(line), self.ttl)
        return line

    def priceOrder(self, customerNo, lines, onDate=None):
        # totals are never cached, accounting insists
        return self.engine.priceOrder(customerNo, lines, onDate)
