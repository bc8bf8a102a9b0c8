from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import aiohttp
import numpy as np


@dataclass(frozen=True)
class Note:
    pitch: int
    start: float
    length: float


class MelodyTranscriber:
    """Writes down a jingle's melody as notes."""

    def __init__(self, hop: int = 512, rate: int = 22050) -> None:
        self.hop = hop
        self.rate = rate

    def transcribe(self, samples: np.ndarray) -> list[Note]:
        import librosa

        f0 = librosa.yin(samples, fmin=65, fmax=2093, hop_length=self.hop)
        pitches = np.round(librosa.hz_to_midi(f0)).astype(int)
        notes: list[Note] = []
        begin = 0
        for i in range(1, len(pitches) + 1):
            if i == len(pitches) or pitches[i] != pitches[begin]:
                seconds = self.hop / self.rate
                notes.append(
                    Note(int(pitches[begin]), begin * seconds, (i - begin) * seconds)
                )
                begin = i
        return notes


class Announcer:
    """Text to speech: has the synthesiser say a station announcement."""

    def __init__(self, session: aiohttp.ClientSession, voice: str = "anna") -> None:
        self._session = session
        self.voice = voice

    async def speak(self, text: str, target: Path) -> Path:
        async with self._session.post(
            "/v1/audio/speech", json={"voice": self.voice, "input": text}
        ) as r:
            r.raise_for_status()
            target.write_bytes(await r.read())
        return target

    async def languages(self) -> list[str]:
        async with self._session.get("/v1/voices") as r:
            return sorted({v["language"] for v in await r.json()})


class AudioTranscoder:
    """Recodes uploads to Opus."""

    def __init__(self, bitrate: str = "64k") -> None:
        self.bitrate = bitrate

    async def transcode(self, audio: Path) -> Path:
        target = audio.with_suffix(".opus")
        process = await asyncio.create_subprocess_exec(
            "ffmpeg",
            "-y",
            "-i",
            str(audio),
            "-c:a",
            "libopus",
            "-b:a",
            self.bitrate,
            str(target),
        )
        if await process.wait():
            raise RuntimeError(f"ffmpeg could not read {audio}")
        return target
