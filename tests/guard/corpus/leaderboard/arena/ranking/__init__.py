from arena.ranking.board import Leaderboard
from arena.ranking.ports import Ranking, Standing

__all__ = ["Leaderboard", "Ranking", "Standing"]
