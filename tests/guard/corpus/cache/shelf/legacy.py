"""From before there was asyncio here. Two cron jobs still use it."""

import pymemcache


class MemcacheClient:
    def __init__(self, hosts):
        self.client = pymemcache.HashClient(hosts)

    def fetch(self, key, make, ttl=300):
        value = self.client.get(key)
        if value is None:
            value = make()
            self.client.set(key, value, expire=ttl)
        return value

    def touch(self, key, ttl=300):
        return self.client.touch(key, expire=ttl)

    def delete(self, key):
        self.client.delete(key)

    def flush_all(self):
        self.client.flush_all()
