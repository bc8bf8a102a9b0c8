"""Streaming chat for the new portal (Channels)."""

import json
import uuid

import httpx
import redis.asyncio as aioredis
from channels.generic.websocket import AsyncWebsocketConsumer
from django.conf import settings

SYSTEM = "You are Kes, the assistant of Kestrel Insurance. Be brief. Never promise a payment."


class StreamingAssistant:
    """Sends the words to the model and yields the answer bit by bit.

    The dialogue is kept in Redis for two days.
    """

    ttl = 2 * 86400

    def __init__(self, redis=None, http=None):
        conf = settings.ASSISTANT
        self.redis = redis or aioredis.from_url(
            "redis://cache:6379/3", decode_responses=True
        )
        self.http = http or httpx.AsyncClient(
            base_url=conf["API_URL"],
            headers={"Authorization": f"Bearer {conf['API_KEY']}"},
            timeout=60,
        )
        self.model = conf["MODEL"]

    async def open(self, customer_id):
        cid = uuid.uuid4().hex
        await self._push(cid, "system", SYSTEM + f" Customer {customer_id}.")
        return cid

    async def stream(self, cid, text):
        await self._push(cid, "user", text)
        history = [
            json.loads(raw) for raw in await self.redis.lrange(f"dialog:{cid}", 0, -1)
        ]
        answer = []
        async with self.http.stream(
            "POST",
            "/chat/completions",
            json={"model": self.model, "messages": history, "stream": True},
        ) as response:
            async for line in response.aiter_lines():
                if not line.startswith("data: ") or line.endswith("[DONE]"):
                    continue
                delta = json.loads(line[6:])["choices"][0]["delta"].get("content")
                if delta:
                    answer.append(delta)
                    yield delta
        await self._push(cid, "assistant", "".join(answer))

    async def history(self, cid):
        return [
            json.loads(raw) for raw in await self.redis.lrange(f"dialog:{cid}", 1, -1)
        ]

    async def close(self, cid):
        await self.redis.delete(f"dialog:{cid}")

    async def _push(self, cid, role, content):
        key = f"dialog:{cid}"
        await self.redis.rpush(key, json.dumps({"role": role, "content": content}))
        await self.redis.expire(key, self.ttl)


class PortalConsumer(AsyncWebsocketConsumer):
    async def connect(self):
        self.assistant = StreamingAssistant()
        self.cid = await self.assistant.open(self.scope["user"].pk)
        await self.accept()

    async def receive(self, text_data=None, bytes_data=None):
        async for delta in self.assistant.stream(self.cid, text_data):
            await self.send(text_data=delta)

    async def disconnect(self, code):
        await self.assistant.close(self.cid)
