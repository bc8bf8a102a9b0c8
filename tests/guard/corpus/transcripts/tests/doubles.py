from pathlib import Path

from voicebox.speech.ports import Hints, Segment, Transcript


class ScriptedTranscriber:
    """Says what the test told it to, file by file."""

    def __init__(self, script: dict[str, str]) -> None:
        self.script = script
        self.asked: list[tuple[Path, Hints | None]] = []

    async def transcribe(self, audio: Path, hints: Hints | None = None) -> Transcript:
        self.asked.append((audio, hints))
        return Transcript("en", (Segment(0.0, 1.0, self.script[audio.name]),))

    async def languages(self) -> list[str]:
        return ["en"]

    async def aclose(self) -> None:
        pass
