"""Blocking transcriber, for notebooks and cron jobs where there is no event loop."""

from pathlib import Path

import requests


class SyncTranscriber:
    """Like Transcriber, without await. Recordings up to 25 MB only."""

    def __init__(self, base_url: str, model: str = "large-v3", timeout: float = 900):
        self.base_url = base_url.rstrip("/")
        self.model = model
        self.timeout = timeout
        self._session = requests.Session()

    def transcribe(self, audio: Path, language: str | None = None) -> dict:
        data = {"model": self.model}
        if language:
            data["language"] = language
        with open(audio, "rb") as f:
            response = self._session.post(
                self.base_url + "/v1/audio/transcriptions",
                data=data,
                files={"file": f},
                timeout=self.timeout,
            )
        response.raise_for_status()
        return response.json()

    def languages(self) -> list[str]:
        return self._session.get(self.base_url + "/v1/languages", timeout=10).json()

    def close(self):
        self._session.close()


def main(argv):
    stt = SyncTranscriber("http://whisper:9000")
    for name in argv:
        result = stt.transcribe(Path(name))
        Path(name).with_suffix(".txt").write_text(result["text"])
