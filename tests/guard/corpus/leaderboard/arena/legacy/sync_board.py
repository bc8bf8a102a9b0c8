"""Blocking access to the boards, for cron jobs and the support console."""

from redis import Redis


class BlockingLeaderboard:
    """As arena.ranking.Leaderboard, without asyncio."""

    def __init__(self, url: str, name: str):
        self.redis = Redis.from_url(url, decode_responses=True)
        self.key = f"board:{name}"

    def submit(self, player_id: str, score: int) -> int:
        self.redis.zadd(self.key, {player_id: score}, gt=True)
        return self.rank_of(player_id)

    def rank_of(self, player_id: str) -> int:
        rank = self.redis.zrevrank(self.key, player_id)
        if rank is None:
            raise KeyError(player_id)
        return rank + 1

    def top(self, count: int = 10) -> list:
        return self.redis.zrevrange(self.key, 0, count - 1, withscores=True)

    def remove(self, player_id: str) -> None:
        self.redis.zrem(self.key, player_id)


def ban(url: str, player_id: str, boards: list) -> None:
    for name in boards:
        BlockingLeaderboard(url, name).remove(player_id)
