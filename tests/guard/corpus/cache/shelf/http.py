from __future__ import annotations

from shelf.cache import Cache
from shelf.errors import CacheMiss


class ResponseCaching:
    """Answers a request from the cache where the headers allow it."""

    def __init__(self, app, cache: Cache) -> None:
        self.app = app
        self.cache = cache
        self.never = {"authorization", "cookie"}

    async def __call__(self, request):
        if not self.may_store(request):
            return await self.app(request)
        try:
            return await self.cache.get(request.url)
        except CacheMiss:
            response = await self.app(request)
            await self.cache.set(request.url, response.body, self.age_of(response))
            return response

    def may_store(self, request) -> bool:
        return request.method == "GET" and not self.never & set(request.headers)

    def age_of(self, response) -> int:
        _, _, age = response.headers.get("cache-control", "").partition("max-age=")
        return int(age or 0)
