from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Protocol, Sequence


@dataclass(frozen=True, slots=True)
class Standing:
    player_id: str
    rank: int
    score: int


@dataclass(frozen=True, slots=True)
class ScoreSubmitted:
    """Event, published after a score has been counted."""

    player_id: str
    board: str
    score: int
    at: datetime


class UnknownPlayer(LookupError):
    def __init__(self, player_id: str) -> None:
        super().__init__(f"player {player_id!r} is not on this board")
        self.player_id = player_id


class Ranking(Protocol):
    """Ranks players by score, the highest first."""

    async def submit(self, player_id: str, score: int) -> Standing: ...

    async def rank_of(self, player_id: str) -> Standing: ...

    async def top(self, count: int = 10) -> Sequence[Standing]: ...

    async def around(self, player_id: str, radius: int = 5) -> Sequence[Standing]: ...

    async def remove(self, player_id: str) -> None: ...
