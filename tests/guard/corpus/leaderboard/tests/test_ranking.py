from __future__ import annotations

from pathlib import Path

import fakeredis.aioredis
import pytest

from arena.bus import EventBus
from arena.events.ladder import CupLadder
from arena.ranking.board import Leaderboard, TieBreaker
from arena.ranking.ports import Standing, UnknownPlayer
from arena.ranking.wrappers import AnnouncingLeaderboard


class FakeLeaderboard:
    """No Redis: a dict."""

    name = "fake"

    def __init__(self, **scores: int) -> None:
        self.scores = dict(scores)

    async def submit(self, player_id: str, score: int) -> Standing:
        self.scores[player_id] = score
        return await self.rank_of(player_id)

    async def rank_of(self, player_id: str) -> Standing:
        better = sum(s > self.scores[player_id] for s in self.scores.values())
        return Standing(player_id, better + 1, self.scores[player_id])


@pytest.mark.asyncio
async def test_highest_first():
    board = Leaderboard(fakeredis.aioredis.FakeRedis(), "test")
    await board.submit("ann", 10)
    await board.submit("bob", 20)
    assert [s.player_id for s in await board.top()] == ["bob", "ann"]
    with pytest.raises(UnknownPlayer):
        await board.rank_of("cyd")


@pytest.mark.asyncio
async def test_announces():
    board = AnnouncingLeaderboard(FakeLeaderboard(ann=5), EventBus())
    assert (await board.submit("bob", 7)).rank == 1


def test_ties():
    ties = TieBreaker()
    assert ties.pack(5, 1_600_000_010) > ties.pack(5, 1_600_000_020)


@pytest.mark.asyncio
async def test_cup(tmp_path: Path):
    ladder = CupLadder("c", tmp_path)
    assert await ladder.award("ann", 3) == 1
