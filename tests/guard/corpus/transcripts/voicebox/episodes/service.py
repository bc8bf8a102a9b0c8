from __future__ import annotations

import asyncio
from dataclasses import dataclass
from pathlib import Path

import asyncpg

from voicebox.episodes.store import TranscriptStore
from voicebox.speech.ports import Hints
from voicebox.speech.transcriber import Transcriber


@dataclass
class Episode:
    id: int
    title: str
    audio: Path
    guests: list[str]


class EpisodeTexts:
    """Transcription by episode, as the web handlers want it."""

    def __init__(self, transcriber: Transcriber) -> None:
        self._transcriber = transcriber

    async def text_of(self, episode: Episode) -> str:
        hints = Hints(vocabulary=[episode.title, *episode.guests])
        return (await self._transcriber.transcribe(episode.audio, hints)).text


async def transcribe_new_episodes(pool: asyncpg.Pool, transcriber: Transcriber) -> int:
    store = TranscriptStore(pool)
    rows = await pool.fetch(
        "SELECT id, title, audio, guests FROM episodes WHERE transcript_id IS NULL"
    )
    for row in rows:
        episode = Episode(row["id"], row["title"], Path(row["audio"]), row["guests"])
        transcript = await transcriber.transcribe(
            episode.audio, Hints(vocabulary=episode.guests)
        )
        await store.save(episode.id, transcript)
        await asyncio.sleep(0)
    return len(rows)
