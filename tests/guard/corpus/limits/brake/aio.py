import asyncio
import time


class AsyncRateLimiter:
    def __init__(self, most, seconds):
        self.most = most
        self.seconds = seconds
        self._times = {}

    async def allow(self, key):
        times = self._times.setdefault(key, [])
        now = time.monotonic()
        times[:] = [then for then in times if then > now - self.seconds]
        if len(times) >= self.most:
            return False
        times.append(now)
        return True

    async def wait_for(self, key, timeout=10):
        async with asyncio.timeout(timeout):
            while not await self.allow(key):
                await asyncio.sleep(0.05)

    async def reset(self, key):
        self._times.pop(key, None)
