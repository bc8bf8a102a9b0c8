"""Product feature: a customer shares a text that can be opened once."""

from __future__ import annotations

import uuid

from cryptography.fernet import Fernet
from redis.asyncio import Redis


class OneTimeSecretService:
    def __init__(self, redis: Redis, key: bytes) -> None:
        self._redis = redis
        self._fernet = Fernet(key)

    async def create(self, text: str, hours: int = 24) -> str:
        link = uuid.uuid4().hex
        await self._redis.set(
            f"once:{link}", self._fernet.encrypt(text.encode()), ex=hours * 3600
        )
        return link

    async def read(self, link: str) -> str | None:
        """The text, once; after that it is gone."""
        sealed = await self._redis.getdel(f"once:{link}")
        return self._fernet.decrypt(sealed).decode() if sealed else None
