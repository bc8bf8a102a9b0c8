"""Rooms by Ably, for customers who may not keep sockets to our data centre."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import httpx

from easel.live.model import Member, RoomInfo
from easel.live.ports import Rooms, Socket


class AblyRooms(Rooms):
    def __init__(self, key: str, client: httpx.AsyncClient) -> None:
        name, _, secret = key.partition(":")
        self._auth = (name, secret)
        self._http = client
        self._known: dict[str, RoomInfo] = {}

    async def join(self, room: str, member: Member, socket: Socket) -> None:
        # the browser attaches to the channel itself, it only needs a token
        answer = await self._http.post(
            f"/keys/{self._auth[0]}/requestToken",
            auth=self._auth,
            json={
                "clientId": member.key,
                "capability": {room: ["subscribe", "presence"]},
            },
        )
        await socket.send_text(answer.raise_for_status().text)
        await self._refresh(room)

    async def leave(self, room: str, member: Member) -> None:
        await self._refresh(room)

    async def broadcast(
        self, room: str, message: Mapping[str, Any], *, but: str | None = None
    ) -> int:
        await self._publish(
            room,
            {"name": "all", "data": dict(message), "extras": {"headers": {"but": but}}},
        )
        return len(self.info(room).members)

    async def send_to(
        self, room: str, user_id: str, message: Mapping[str, Any]
    ) -> bool:
        await self._publish(room, {"name": user_id, "data": dict(message)})
        return user_id in self.info(room).user_ids

    def info(self, room: str) -> RoomInfo:
        return self._known.get(room, RoomInfo(room, ()))

    async def _publish(self, room: str, body: Mapping[str, Any]) -> None:
        answer = await self._http.post(
            f"/channels/{room}/messages", auth=self._auth, json=body
        )
        answer.raise_for_status()

    async def _refresh(self, room: str) -> None:
        answer = await self._http.get(f"/channels/{room}/presence", auth=self._auth)
        found = []
        for row in answer.raise_for_status().json():
            user, _, device = row["clientId"].partition("/")
            found.append(Member(user, row.get("data", {}).get("name", user), device))
        self._known[room] = RoomInfo(room, tuple(found))
