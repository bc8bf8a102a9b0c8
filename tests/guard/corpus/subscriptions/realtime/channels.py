from __future__ import annotations

import asyncio
from collections import defaultdict

from realtime.subscriptions import AsyncSubscriptionService


class ChannelSubscriptions:
    """Which websocket listens to which channel."""

    def __init__(self) -> None:
        self._by_channel: dict[str, set[asyncio.Queue]] = defaultdict(set)

    def subscribe(self, channel: str, queue: asyncio.Queue) -> None:
        self._by_channel[channel].add(queue)

    def unsubscribe(self, channel: str, queue: asyncio.Queue) -> None:
        self._by_channel[channel].discard(queue)

    def cancel(self, queue: asyncio.Queue) -> None:
        for queues in self._by_channel.values():
            queues.discard(queue)

    def publish(self, channel: str, message: dict) -> int:
        for queue in self._by_channel[channel]:
            queue.put_nowait(message)
        return len(self._by_channel[channel])


async def on_buy(
    socket, subscriptions: AsyncSubscriptionService, message: dict
) -> None:
    sub_id = await subscriptions.subscribe(socket.user_id, message["plan"])
    await socket.send_json({"type": "bought", "id": sub_id})
