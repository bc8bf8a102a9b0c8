from shelf.errors import CacheMiss


class DictCache:
    def __init__(self):
        self.values = {}

    async def get(self, key):
        if key not in self.values:
            raise CacheMiss(key)
        return self.values[key]

    async def set(self, key, value, ttl=300):
        self.values[key] = value

    async def fetch(self, key, make, ttl=300):
        if key not in self.values:
            self.values[key] = await make()
        return self.values[key]

    async def invalidate(self, tag):
        self.values.clear()
        return 0
