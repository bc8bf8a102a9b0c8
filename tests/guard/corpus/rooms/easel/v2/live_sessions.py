"""Second attempt at live boards, across processes. Used by the beta of the mobile apps only."""

from __future__ import annotations

import asyncio
import json
import uuid
from typing import Any

from redis.asyncio import Redis
from starlette.websockets import WebSocket


class LiveSessions:
    """Participants of live sessions, over several workers.

    The sockets of this worker are kept in memory. The list of participants is
    a Redis hash for each session, and messages go through Redis pub/sub so
    that each worker hands them to its own sockets.
    """

    def __init__(self, redis: Redis, prefix: str = "live2") -> None:
        self.redis = redis
        self.prefix = prefix
        self.worker = uuid.uuid4().hex
        self.local: dict[str, dict[str, WebSocket]] = {}
        self._pump: asyncio.Task[None] | None = None

    async def start(self) -> None:
        self._pump = asyncio.create_task(self._listen())

    async def stop(self) -> None:
        if self._pump:
            self._pump.cancel()
        for session_id, people in list(self.local.items()):
            for participant in list(people):
                await self.remove_participant(session_id, participant)

    async def add_participant(
        self, session_id: str, participant: str, ws: WebSocket
    ) -> None:
        self.local.setdefault(session_id, {})[participant] = ws
        await self.redis.hset(f"{self.prefix}:{session_id}", participant, self.worker)

    async def remove_participant(self, session_id: str, participant: str) -> None:
        self.local.get(session_id, {}).pop(participant, None)
        await self.redis.hdel(f"{self.prefix}:{session_id}", participant)

    async def participants(self, session_id: str) -> list[str]:
        return [
            p.decode() for p in await self.redis.hkeys(f"{self.prefix}:{session_id}")
        ]

    async def publish(
        self, session_id: str, payload: Any, only: str | None = None
    ) -> None:
        envelope = json.dumps({"s": session_id, "to": only, "p": payload})
        await self.redis.publish(f"{self.prefix}:bus", envelope)

    async def _listen(self) -> None:
        pubsub = self.redis.pubsub()
        await pubsub.subscribe(f"{self.prefix}:bus")
        async for item in pubsub.listen():
            if item["type"] != "message":
                continue
            envelope = json.loads(item["data"])
            for participant, ws in list(self.local.get(envelope["s"], {}).items()):
                if envelope["to"] in (None, participant):
                    try:
                        await ws.send_json(envelope["p"])
                    except RuntimeError:
                        await self.remove_participant(envelope["s"], participant)
