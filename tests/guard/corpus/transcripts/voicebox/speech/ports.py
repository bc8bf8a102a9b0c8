"""What the rest of the service may know about speech."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Segment:
    start: float
    end: float
    text: str
    speaker: str | None = None

    def shifted(self, by: float) -> Segment:
        return Segment(self.start + by, self.end + by, self.text, self.speaker)


@dataclass(frozen=True, slots=True)
class Transcript:
    language: str
    segments: tuple[Segment, ...] = ()

    @property
    def text(self) -> str:
        return " ".join(s.text.strip() for s in self.segments)


@dataclass(slots=True)
class Hints:
    language: str | None = None
    vocabulary: list[str] = field(default_factory=list)


class TranscriptionFailed(Exception):
    def __init__(self, path: Path, why: str) -> None:
        super().__init__(f"{path.name}: {why}")
        self.path = path


@runtime_checkable
class SpeechToText(Protocol):
    async def transcribe(
        self, audio: Path, hints: Hints | None = None
    ) -> Transcript: ...

    async def languages(self) -> list[str]: ...

    async def aclose(self) -> None: ...
