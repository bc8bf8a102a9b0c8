from __future__ import annotations

import asyncio
import tempfile
from collections.abc import AsyncIterator, Iterable
from dataclasses import dataclass
from pathlib import Path

from voicebox.speech.ports import Segment


@dataclass(slots=True)
class Chunk:
    path: Path
    offset: float


class AudioSplitter:
    """Cuts a recording into overlapping WAV pieces with ffmpeg."""

    def __init__(self, seconds: float = 300.0, overlap: float = 2.0) -> None:
        self.seconds = seconds
        self.overlap = overlap

    async def split(self, audio: Path) -> AsyncIterator[Chunk]:
        duration = await self._duration(audio)
        with tempfile.TemporaryDirectory() as folder:
            offset, n = 0.0, 0
            while offset < duration:
                target = Path(folder) / f"{n:04}.wav"
                process = await asyncio.create_subprocess_exec(
                    "ffmpeg",
                    "-v",
                    "error",
                    "-ss",
                    str(offset),
                    "-t",
                    str(self.seconds),
                    "-i",
                    str(audio),
                    "-ac",
                    "1",
                    "-ar",
                    "16000",
                    str(target),
                )
                await process.wait()
                yield Chunk(target, offset)
                offset += self.seconds - self.overlap
                n += 1

    async def _duration(self, audio: Path) -> float:
        process = await asyncio.create_subprocess_exec(
            "ffprobe",
            "-v",
            "error",
            "-show_entries",
            "format=duration",
            "-of",
            "csv=p=0",
            str(audio),
            stdout=asyncio.subprocess.PIPE,
        )
        out, _ = await process.communicate()
        return float(out or 0)


class SegmentStitcher:
    """Puts the segments of overlapping pieces back into one row."""

    def __init__(self) -> None:
        self._segments: list[Segment] = []

    def add(self, segments: Iterable[Segment], offset: float) -> None:
        border = self._segments[-1].end if self._segments else -1.0
        for segment in segments:
            moved = segment.shifted(offset)
            if moved.start >= border - 0.05:
                self._segments.append(moved)

    def result(self) -> tuple[Segment, ...]:
        return tuple(self._segments)
