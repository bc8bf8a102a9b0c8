from __future__ import annotations

from pathlib import Path

import aiohttp

from voicebox.speech.ports import (
    Hints,
    Segment,
    SpeechToText,
    Transcript,
    TranscriptionFailed,
)


class DeepgramSpeechToText(SpeechToText):
    """SpeechToText by Deepgram's cloud, for customers who booked the fast lane."""

    URL = "https://api.deepgram.example/v1/listen"

    def __init__(self, token: str) -> None:
        self._session = aiohttp.ClientSession(
            headers={"Authorization": f"Token {token}"}
        )

    async def transcribe(self, audio: Path, hints: Hints | None = None) -> Transcript:
        params = {"utterances": "true", "punctuate": "true"}
        if hints and hints.language:
            params["language"] = hints.language
        else:
            params["detect_language"] = "true"
        async with self._session.post(
            self.URL, params=params, data=audio.read_bytes()
        ) as response:
            if response.status != 200:
                raise TranscriptionFailed(audio, await response.text())
            results = (await response.json())["results"]
        return Transcript(
            results["channels"][0].get("detected_language", params.get("language", "")),
            tuple(
                Segment(u["start"], u["end"], u["transcript"], str(u.get("speaker")))
                for u in results["utterances"]
            ),
        )

    async def languages(self) -> list[str]:
        return ["en", "de", "fr", "es", "pt", "it", "nl"]

    async def aclose(self) -> None:
        await self._session.close()
