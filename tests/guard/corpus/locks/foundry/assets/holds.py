from __future__ import annotations

import asyncpg


class LegalHoldLock:
    """Locks an asset against deletion while a law case goes on; may last for years."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def hold(self, asset_id: str, case: str, by: str) -> None:
        await self._pool.execute(
            "INSERT INTO legal_holds (asset_id, case_no, ordered_by) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING",
            asset_id,
            case,
            by,
        )

    async def release(self, asset_id: str, case: str, by: str) -> None:
        await self._pool.execute(
            "UPDATE legal_holds SET released_at = now(), released_by = $3 WHERE asset_id = $1 AND case_no = $2",
            asset_id,
            case,
            by,
        )

    async def may_delete(self, asset_id: str) -> bool:
        return not await self._pool.fetchval(
            "SELECT count(*) FROM legal_holds WHERE asset_id = $1 AND released_at IS NULL",
            asset_id,
        )
