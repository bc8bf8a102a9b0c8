"""People endpoints of the v2 API (ASGI). The ORM blocks, hence asyncpg here."""

from __future__ import annotations

from dataclasses import asdict, dataclass, replace

import asyncpg
from starlette.requests import Request
from starlette.responses import JSONResponse


@dataclass(frozen=True)
class Person:
    user_id: int
    display_name: str
    bio: str = ""
    locale: str = "en"
    timezone: str = "UTC"


class AsyncProfileRepository:
    """User profiles, read and written without blocking the loop."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def get(self, user_id: int) -> Person | None:
        row = await self._pool.fetchrow(
            "SELECT user_id, display_name, bio, locale, timezone"
            " FROM accounts_profile WHERE user_id = $1",
            user_id,
        )
        return Person(**row) if row else None

    async def upsert(self, person: Person) -> Person:
        await self._pool.execute(
            "INSERT INTO accounts_profile (user_id, display_name, bio, locale, timezone, phone,"
            " revision, updated_at) VALUES ($1, $2, $3, $4, $5, '', 1, now())"
            " ON CONFLICT (user_id) DO UPDATE SET display_name = $2, bio = $3, locale = $4,"
            " timezone = $5, revision = accounts_profile.revision + 1, updated_at = now()",
            person.user_id,
            person.display_name,
            person.bio,
            person.locale,
            person.timezone,
        )
        return person

    async def delete(self, user_id: int) -> None:
        await self._pool.execute(
            "DELETE FROM accounts_profile WHERE user_id = $1", user_id
        )

    async def search(self, text: str, limit: int = 20) -> list[Person]:
        rows = await self._pool.fetch(
            "SELECT user_id, display_name, bio, locale, timezone FROM accounts_profile"
            " WHERE display_name ILIKE '%' || $1 || '%' ORDER BY display_name LIMIT $2",
            text,
            limit,
        )
        return [Person(**row) for row in rows]


async def person(request: Request) -> JSONResponse:
    repo = AsyncProfileRepository(request.app.state.pool)
    found = await repo.get(int(request.path_params["user_id"]))
    if found is None:
        return JSONResponse({"error": "not found"}, status_code=404)
    if request.method == "PATCH":
        found = await repo.upsert(replace(found, **await request.json()))
    return JSONResponse(asdict(found))
