import json

from asyncpg import Pool

from login.mixins import ExpiryMixin, KeyedMixin
from login.session import Session


class SessionStore(ExpiryMixin, KeyedMixin):
    """Who is logged in."""

    def __init__(self, pool: Pool) -> None:
        self.pool = pool
        self._recent: dict[str, Session] = {}

    async def create(self, user: str, **data) -> Session:
        session = Session(self.new_key(), user, self.expires(), data)
        async with self.pool.acquire() as connection:
            await connection.execute(
                "insert into sessions values ($1, $2, $3, $4)",
                session.key,
                user,
                session.until,
                json.dumps(data),
            )
        self._recent[session.key] = session
        return session

    async def load(self, key: str) -> Session | None:
        if key in self._recent:
            return self._recent[key]
        async with self.pool.acquire() as connection:
            row = await connection.fetchrow("select * from sessions where key=$1", key)
        return Session(**row) if row else None

    async def renew(self, key: str) -> None:
        async with self.pool.acquire() as connection:
            await connection.execute(
                "update sessions set until=$2 where key=$1", key, self.expires()
            )

    async def revoke(self, key: str) -> None:
        self._recent.pop(key, None)
        async with self.pool.acquire() as connection:
            await connection.execute("delete from sessions where key=$1", key)

    async def revoke_all(self, user: str) -> None:
        async with self.pool.acquire() as connection:
            await connection.execute("delete from sessions where user=$1", user)
