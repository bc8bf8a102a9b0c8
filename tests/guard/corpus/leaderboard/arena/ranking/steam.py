from __future__ import annotations

from dataclasses import dataclass
from typing import Sequence

import httpx

from arena.ranking.ports import Standing, UnknownPlayer

API = "https://partner.steam-api.com/ISteamLeaderboards"


@dataclass
class SteamRanking:
    """The ranking of the Steam edition, which Valve's servers keep."""

    client: httpx.AsyncClient
    app_id: int
    board_id: int
    key: str

    async def submit(self, player_id: str, score: int) -> Standing:
        answer = await self.client.post(
            f"{API}/SetLeaderboardScore/v1/",
            data=self._params(steamid=player_id, score=score, scoremethod="KeepBest"),
        )
        answer.raise_for_status()
        result = answer.json()["result"]
        return Standing(player_id, result["global_rank_new"], score)

    async def rank_of(self, player_id: str) -> Standing:
        rows = await self._entries("RequestAroundUser", 0, 0, steamid=player_id)
        if not rows:
            raise UnknownPlayer(player_id)
        return rows[0]

    async def top(self, count: int = 10) -> Sequence[Standing]:
        return await self._entries("RequestGlobal", 1, count)

    async def around(self, player_id: str, radius: int = 5) -> Sequence[Standing]:
        return await self._entries(
            "RequestAroundUser", -radius, radius, steamid=player_id
        )

    async def remove(self, player_id: str) -> None:
        await self.client.post(
            f"{API}/DeleteLeaderboardEntry/v1/", data=self._params(steamid=player_id)
        )

    async def _entries(
        self, request: str, first: int, last: int, **more
    ) -> list[Standing]:
        params = self._params(
            datarequest=request, rangestart=first, rangeend=last, **more
        )
        answer = await self.client.get(
            f"{API}/GetLeaderboardEntries/v1/", params=params
        )
        answer.raise_for_status()
        entries = answer.json()["leaderboardEntryInformation"]["leaderboardEntries"]
        return [Standing(e["steamID"], e["rank"], e["score"]) for e in entries]

    def _params(self, **more) -> dict:
        return {
            "key": self.key,
            "appid": self.app_id,
            "leaderboardid": self.board_id,
            **more,
        }
