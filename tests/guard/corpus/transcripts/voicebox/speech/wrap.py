from __future__ import annotations

import hashlib
import json
from dataclasses import asdict
from pathlib import Path

from voicebox.speech.ports import Hints, Segment, SpeechToText, Transcript
from voicebox.speech.speakers import SpeakerTranscriber
from voicebox.speech.transcriber import Transcriber


class CachedTranscriber(SpeechToText):
    """Does not transcribe the same bytes twice."""

    def __init__(self, inner: Transcriber, folder: Path) -> None:
        self._inner = inner
        self._folder = folder

    async def transcribe(self, audio: Path, hints: Hints | None = None) -> Transcript:
        digest = hashlib.blake2b(audio.read_bytes(), digest_size=16).hexdigest()
        file = self._folder / f"{digest}.json"
        if file.exists():
            data = json.loads(file.read_text())
            return Transcript(
                data["language"], tuple(Segment(**s) for s in data["segments"])
            )
        transcript = await self._inner.transcribe(audio, hints)
        file.write_text(json.dumps(asdict(transcript)))
        return transcript

    async def languages(self) -> list[str]:
        return await self._inner.languages()

    async def aclose(self) -> None:
        await self._inner.aclose()


class SilentTranscriber(SpeechToText):
    """For deployments without speech: every recording is silent."""

    async def transcribe(self, audio: Path, hints: Hints | None = None) -> Transcript:
        return Transcript("und")

    async def languages(self) -> list[str]:
        return []

    async def aclose(self) -> None:
        return None


class TranscriberBuilder:
    """Builds the transcriber that a deployment's settings ask for."""

    def __init__(self, settings: dict) -> None:
        self._settings = settings

    def build(self) -> SpeechToText:
        url = self._settings.get("whisper_url")
        if not url:
            return SilentTranscriber()
        kind = SpeakerTranscriber if self._settings.get("speakers") else Transcriber
        transcriber: SpeechToText = kind(
            url, parallel=int(self._settings.get("parallel", 4))
        )
        if folder := self._settings.get("transcript_cache"):
            transcriber = CachedTranscriber(transcriber, Path(folder))
        return transcriber
