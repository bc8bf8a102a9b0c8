import json
import secrets
import time

from asyncpg import Pool


class Impersonation:
    """Support people as somebody else, for ten minutes."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self.running: dict[str, str] = {}

    async def create(self, user: str, reason: str) -> str:
        key = secrets.token_urlsafe(32)
        async with self.pool.acquire() as connection:
            await connection.execute(
                "insert into sessions values ($1, $2, $3, $4)",
                key,
                user,
                time.time() + 600,
                json.dumps({"reason": reason}),
            )
        self.running[key] = user
        return key

    async def revoke(self, key: str) -> None:
        del self.running[key]
        async with self.pool.acquire() as connection:
            await connection.execute("delete from sessions where key=$1", key)

    async def revoke_all(self, user: str) -> None:
        for key in [k for k, who in self.running.items() if who == user]:
            await self.revoke(key)
