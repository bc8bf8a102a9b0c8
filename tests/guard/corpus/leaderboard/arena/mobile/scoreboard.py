from __future__ import annotations

import asyncpg


class Scoreboard:
    """Per-level ranking of the mobile players.

    Lives in the mobile team's own Postgres, since they had no Redis when the
    app came out.
    """

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def add_points(self, uid: str, level: int, points: int) -> None:
        await self._pool.execute(
            """
            INSERT INTO level_scores (uid, level, points, reached_at)
            VALUES ($1, $2, $3, now())
            ON CONFLICT (uid, level) DO UPDATE
               SET points = EXCLUDED.points, reached_at = now()
             WHERE level_scores.points < EXCLUDED.points
            """,
            uid,
            level,
            points,
        )

    async def position(self, uid: str, level: int) -> int | None:
        return await self._pool.fetchval(
            """
            SELECT place FROM (
                SELECT uid, rank() OVER (ORDER BY points DESC, reached_at) AS place
                  FROM level_scores WHERE level = $2
            ) ranked WHERE uid = $1
            """,
            uid,
            level,
        )

    async def best(self, level: int, limit: int = 25) -> list[dict]:
        rows = await self._pool.fetch(
            "SELECT uid, points FROM level_scores WHERE level = $1"
            " ORDER BY points DESC, reached_at LIMIT $2",
            level,
            limit,
        )
        return [{"place": i, **dict(row)} for i, row in enumerate(rows, 1)]

    async def forget(self, uid: str) -> None:
        await self._pool.execute("DELETE FROM level_scores WHERE uid = $1", uid)
