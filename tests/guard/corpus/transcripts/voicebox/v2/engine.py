"""Live captions. Recognition here is Vosk, since Whisper was too slow for live at the time."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from dataclasses import dataclass, field

import websockets


@dataclass
class LiveLine:
    at: float
    words: str
    final: bool = False


@dataclass
class SpeechEngine:
    """Streams PCM to a Vosk server and yields what has been said."""

    uri: str
    sample_rate: int = 16000
    _lines: list[LiveLine] = field(default_factory=list, init=False)

    async def listen(self, pcm: AsyncIterator[bytes]) -> AsyncIterator[LiveLine]:
        async with websockets.connect(self.uri) as ws:
            await ws.send(json.dumps({"config": {"sample_rate": self.sample_rate}}))
            sent = 0
            async for block in pcm:
                await ws.send(block)
                sent += len(block)
                answer = json.loads(await ws.recv())
                words = answer.get("text") or answer.get("partial")
                if not words:
                    continue
                line = LiveLine(
                    sent / 2 / self.sample_rate, words, final="text" in answer
                )
                if line.final:
                    self._lines.append(line)
                yield line
            await ws.send('{"eof": 1}')

    async def listen_file(self, path: str) -> str:
        async def blocks() -> AsyncIterator[bytes]:
            with open(path, "rb") as f:
                f.seek(44)
                while block := await asyncio.to_thread(f.read, 8000):
                    yield block

        async for _ in self.listen(blocks()):
            pass
        return self.full_text()

    def full_text(self) -> str:
        return "\n".join(line.words for line in self._lines)
