from __future__ import annotations

import asyncio
import logging
from pathlib import Path

import aiohttp

from voicebox.speech.chunks import AudioSplitter, Chunk, SegmentStitcher
from voicebox.speech.ports import (
    Hints,
    Segment,
    SpeechToText,
    Transcript,
    TranscriptionFailed,
)

logger = logging.getLogger(__name__)


class Transcriber(SpeechToText):
    """Turns a recording into a transcript, on our own Whisper servers.

    Long recordings are cut into pieces, which are recognised side by side.
    """

    def __init__(
        self,
        base_url: str,
        *,
        splitter: AudioSplitter | None = None,
        parallel: int = 4,
        model: str = "large-v3",
    ) -> None:
        self._session = aiohttp.ClientSession(base_url)
        self._splitter = splitter or AudioSplitter()
        self._gate = asyncio.Semaphore(parallel)
        self._model = model

    async def transcribe(self, audio: Path, hints: Hints | None = None) -> Transcript:
        hints = hints or Hints()
        if not audio.exists():
            raise TranscriptionFailed(audio, "no such file")
        stitcher = SegmentStitcher()
        language = hints.language or ""
        async for chunk in self._splitter.split(audio):
            answer = await self._recognise(audio, chunk, hints)
            language = language or answer["language"]
            stitcher.add(
                (Segment(s["start"], s["end"], s["text"]) for s in answer["segments"]),
                chunk.offset,
            )
        logger.info("transcribed %s (%s)", audio.name, language)
        return Transcript(language, stitcher.result())

    async def languages(self) -> list[str]:
        async with self._session.get("/v1/languages") as response:
            return await response.json()

    async def aclose(self) -> None:
        await self._session.close()

    async def _recognise(self, audio: Path, chunk: Chunk, hints: Hints) -> dict:
        form = aiohttp.FormData()
        form.add_field("file", chunk.path.read_bytes(), filename=chunk.path.name)
        form.add_field("model", self._model)
        form.add_field("prompt", ", ".join(hints.vocabulary))
        if hints.language:
            form.add_field("language", hints.language)
        async with (
            self._gate,
            self._session.post("/v1/audio/transcriptions", data=form) as response,
        ):
            if response.status != 200:
                raise TranscriptionFailed(audio, f"server answered {response.status}")
            return await response.json()
