"""A chat server in the shape that people copy from tutorials. Every fault is meant.

It has what each of them has: a dict of sockets by client, history that is sent before
the subscription, a pause "to let the connection settle", an ``await`` for each socket
in turn, one loop that also answers, a broad ``except``, and everything in memory.

It is here to fail: a fault test that it passes proves nothing.

Run it as ``python server.py PORT``.
"""

import asyncio
import logging
import os
import random
import sys

import uvicorn
from counting import pause, words
from fastapi import FastAPI, WebSocket, WebSocketDisconnect

logger = logging.getLogger("naive")
SETTLES_AFTER = float(os.environ.get("NAIVE_SETTLES_AFTER", "0.1"))


class Bus:
    """Hands events on, at most once each, as pub/sub does."""

    def __init__(self):
        self.subscribers = []
        # The fault layer: a publish that never arrives, drawn from a seed.
        self.loses = float(os.environ.get("NAIVE_BUS_LOSES", "0"))
        self.dice = random.Random(1)

    async def publish(self, event):
        if self.dice.random() < self.loses:
            return
        for subscriber in self.subscribers:
            await subscriber(event)


class ConnectionManager:
    def __init__(self, bus):
        self.active = {}
        self.history = []
        # Only for the tests' own eyes.
        self.running = 0
        self.connecting = 0
        self.bus = bus
        self.bus.subscribers.append(self.broadcast)

    async def connect(self, client, websocket):
        self.connecting += 1
        try:
            await websocket.send_json({"type": "history", "messages": self.history})
            await asyncio.sleep(SETTLES_AFTER)  # let the connection settle
            self.active[client] = websocket
        finally:
            self.connecting -= 1

    def disconnect(self, client):
        self.active.pop(client, None)

    async def broadcast(self, event):
        for websocket in list(self.active.values()):
            try:
                await websocket.send_json(event)
            except Exception:
                logger.exception("could not send")

    async def answer(self, question):
        self.history.append({"role": "user", "text": question})
        await self.bus.publish({"type": "question", "text": question})
        answer = ""
        for word in words(question):
            answer += word
            await self.bus.publish({"type": "token", "text": word})
            await asyncio.sleep(pause(question))
        self.history.append({"role": "assistant", "text": answer})
        await self.bus.publish({"type": "end"})

    async def handle(self, question):
        self.running += 1
        try:
            await self.answer(question)
        finally:
            self.running -= 1


app = FastAPI()
manager = ConnectionManager(Bus())


@app.websocket("/ws/{client}")
async def chat(websocket: WebSocket, client: str):
    await websocket.accept()
    connecting = asyncio.create_task(manager.connect(client, websocket))
    while True:
        try:
            data = await websocket.receive_json()
            if client not in manager.active:
                logger.warning("a message before the connection was ready")
            elif data["type"] == "logout":
                await websocket.close()
            else:
                await manager.handle(data["text"])
        except WebSocketDisconnect:
            manager.disconnect(client)
            break
        except Exception as error:  # noqa: BLE001 - as they do
            logger.error(  # noqa: TRY400
                "error in websocket: %s", error
            )
            await asyncio.sleep(0.05)
    connecting.cancel()


@app.get("/status")
def status():
    """Tell the tests how it is."""
    return {
        "active": sorted(manager.active),
        "connecting": manager.connecting,
        "running": manager.running,
    }


@app.get("/readyz")
def readyz():
    return {}


if __name__ == "__main__":
    logging.basicConfig()
    config = uvicorn.Config(app, port=int(sys.argv[1]), log_level="warning")
    uvicorn.Server(config).run()
