"""Rewrite of the boards for the cross-play backend.  Only the co-op mode uses it so far."""

from __future__ import annotations

from typing import AsyncIterator

import aioboto3


class PlayerRankings:
    def __init__(self, session: aioboto3.Session, table: str = "rankings") -> None:
        self._session = session
        self._table_name = table

    async def put(self, mode: str, player_id: str, value: int) -> None:
        async with self._session.resource("dynamodb") as dynamo:
            table = await dynamo.Table(self._table_name)
            await table.update_item(
                Key={"mode": mode, "player": player_id},
                UpdateExpression="SET score = :s",
                ConditionExpression="attribute_not_exists(score) OR score < :s",
                ExpressionAttributeValues={":s": value},
            )

    async def iterate(self, mode: str) -> AsyncIterator[tuple[int, str, int]]:
        """Yield (rank, player, score), best first."""
        async with self._session.resource("dynamodb") as dynamo:
            table = await dynamo.Table(self._table_name)
            page = await table.query(
                IndexName="by-score",
                KeyConditionExpression="#m = :m",
                ExpressionAttributeNames={"#m": "mode"},
                ExpressionAttributeValues={":m": mode},
                ScanIndexForward=False,
            )
            for rank, item in enumerate(page["Items"], 1):
                yield rank, item["player"], int(item["score"])

    async def leaders(self, mode: str, n: int) -> list[str]:
        found: list[str] = []
        async for _, player, _ in self.iterate(mode):
            found.append(player)
            if len(found) == n:
                break
        return found
