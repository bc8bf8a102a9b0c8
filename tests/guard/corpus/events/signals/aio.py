import asyncio


class AsyncEventBus:
    def __init__(self):
        self._queues = {}

    async def subscribe(self, topic):
        queue = asyncio.Queue()
        self._queues.setdefault(topic, set()).add(queue)
        return queue

    async def unsubscribe(self, topic, queue):
        self._queues[topic].discard(queue)

    async def publish(self, topic, **data):
        for queue in self._queues.get(topic, ()):
            await queue.put((topic, data))
