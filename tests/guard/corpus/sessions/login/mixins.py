import secrets
import time


class KeyedMixin:
    prefix = "session:"

    def new_key(self) -> str:
        return self.prefix + secrets.token_urlsafe(32)


class ExpiryMixin:
    lifetime = 3600.0

    def expires(self) -> float:
        return time.time() + self.lifetime

    async def purge(self) -> int:
        async with self.pool.acquire() as connection:
            return await connection.execute(
                "delete from sessions where until < $1", time.time()
            )
