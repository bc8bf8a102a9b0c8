from __future__ import annotations

import grpc

from arena.ranking.board import Leaderboard
from arena.ranking.ports import UnknownPlayer
from arena.gateway.pb import boards_pb2 as pb
from arena.gateway.pb.boards_pb2_grpc import BoardsServicer


class LeaderboardServicer(BoardsServicer):
    """gRPC face of a leaderboard, for the console clients."""

    def __init__(self, board: Leaderboard) -> None:
        self._board = board

    async def SubmitScore(
        self, request: pb.ScoreRequest, context: grpc.aio.ServicerContext
    ):
        standing = await self._board.submit(request.player_id, request.score)
        return pb.StandingReply(rank=standing.rank, score=standing.score)

    async def GetRank(
        self, request: pb.PlayerRequest, context: grpc.aio.ServicerContext
    ):
        try:
            standing = await self._board.rank_of(request.player_id)
        except UnknownPlayer as exc:
            await context.abort(grpc.StatusCode.NOT_FOUND, str(exc))
        return pb.StandingReply(rank=standing.rank, score=standing.score)

    async def GetTop(self, request: pb.TopRequest, context: grpc.aio.ServicerContext):
        rows = await self._board.top(request.count or 10)
        return pb.TopReply(
            rows=[
                pb.Row(player_id=r.player_id, rank=r.rank, score=r.score) for r in rows
            ]
        )
