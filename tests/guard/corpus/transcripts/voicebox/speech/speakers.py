from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from voicebox.speech.ports import Hints, Transcript
from voicebox.speech.transcriber import Transcriber


class SpeakerTranscriber(Transcriber):
    """A transcriber which also says who is talking."""

    def __init__(self, base_url: str, *, max_speakers: int = 6, **kwargs) -> None:
        super().__init__(base_url, **kwargs)
        self._max_speakers = max_speakers

    async def transcribe(self, audio: Path, hints: Hints | None = None) -> Transcript:
        transcript = await super().transcribe(audio, hints)
        async with self._session.post(
            "/v1/diarize", data=audio.read_bytes(), params={"max": self._max_speakers}
        ) as response:
            turns = await response.json()
        named = []
        for segment in transcript.segments:
            middle = (segment.start + segment.end) / 2
            who = next(
                (t["speaker"] for t in turns if t["start"] <= middle < t["end"]), None
            )
            named.append(replace(segment, speaker=who))
        return Transcript(transcript.language, tuple(named))
