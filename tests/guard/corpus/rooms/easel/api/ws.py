from fastapi import APIRouter, Depends, WebSocket, WebSocketDisconnect

from easel.legacy.connections import ConnectionManager
from easel.live import Member, RoomFull, RoomHub
from easel.live.board import BoardChannel
from easel.store import RecentVisitors, redis_pool

router = APIRouter()
hub = RoomHub()
comments = ConnectionManager()  # the comment pane still speaks the old protocol


def visitors() -> RecentVisitors:
    return RecentVisitors(redis_pool)


@router.websocket("/boards/{board_id}/live")
async def live(
    ws: WebSocket, board_id: int, seen: RecentVisitors = Depends(visitors)
) -> None:
    await ws.accept()
    member = Member(
        ws.state.user.id, ws.state.user.name, ws.query_params.get("device", "web")
    )
    channel = BoardChannel(hub, board_id)
    try:
        await hub.join(f"board:{board_id}", member, ws)
    except RoomFull:
        await ws.close(4003)
        return
    try:
        while True:
            event = await ws.receive_json()
            if event["type"] == "stroke":
                await channel.stroke(member.user_id, event["points"], event["colour"])
            elif event["type"] == "cursor":
                await channel.cursor(member.user_id, *event["at"])
    except WebSocketDisconnect:
        await hub.leave(f"board:{board_id}", member)
        await seen.touch(board_id, member.user_id)


@router.websocket("/boards/{board_id}/comments")
async def comment_pane(ws: WebSocket, board_id: str) -> None:
    await comments.connect(ws, board_id)
    try:
        while True:
            await comments.broadcast(board_id, await ws.receive_text())
    except WebSocketDisconnect:
        comments.disconnect(ws, board_id)
