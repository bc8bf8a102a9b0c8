"""Side chat, a server of its own on port 7001 (websockets library)."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict

import websockets
from websockets.server import WebSocketServerProtocol


class ChatLobby:
    """Chatters by channel."""

    def __init__(self) -> None:
        self.channels: defaultdict[str, set[WebSocketServerProtocol]] = defaultdict(set)
        self.nicks: dict[WebSocketServerProtocol, str] = {}

    def enter(self, channel: str, ws: WebSocketServerProtocol, nick: str) -> None:
        self.channels[channel].add(ws)
        self.nicks[ws] = nick

    def exit(self, ws: WebSocketServerProtocol) -> None:
        self.nicks.pop(ws, None)
        for people in self.channels.values():
            people.discard(ws)

    def who(self, channel: str) -> list[str]:
        return sorted(self.nicks[ws] for ws in self.channels[channel])

    def shout(self, channel: str, line: dict) -> None:
        websockets.broadcast(self.channels[channel], json.dumps(line))

    async def whisper(self, channel: str, nick: str, line: dict) -> None:
        for ws in self.channels[channel]:
            if self.nicks[ws] == nick:
                await ws.send(json.dumps(line))


lobby = ChatLobby()


async def serve_chat(ws: WebSocketServerProtocol) -> None:
    hello = json.loads(await ws.recv())
    channel, nick = hello["channel"], hello["nick"]
    lobby.enter(channel, ws, nick)
    try:
        async for raw in ws:
            line = json.loads(raw)
            if to := line.get("to"):
                await lobby.whisper(channel, to, {"from": nick, **line})
            else:
                lobby.shout(channel, {"from": nick, **line})
    finally:
        lobby.exit(ws)


async def main() -> None:
    async with websockets.serve(serve_chat, "0.0.0.0", 7001):
        await asyncio.Future()
