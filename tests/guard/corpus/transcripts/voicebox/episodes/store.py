from __future__ import annotations

import html

import aiohttp
import asyncpg

from voicebox.speech.ports import Segment, Transcript


class TranscriptStore:
    """Transcripts in PostgreSQL."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def save(self, episode_id: int, transcript: Transcript) -> None:
        async with self._pool.acquire() as con, con.transaction():
            await con.execute("DELETE FROM segments WHERE episode_id = $1", episode_id)
            await con.executemany(
                "INSERT INTO segments (episode_id, t0, t1, speaker, body) VALUES ($1, $2, $3, $4, $5)",
                [
                    (episode_id, s.start, s.end, s.speaker, s.text)
                    for s in transcript.segments
                ],
            )

    async def load(self, episode_id: int) -> Transcript:
        rows = await self._pool.fetch(
            "SELECT t0, t1, body, speaker FROM segments WHERE episode_id = $1 ORDER BY t0",
            episode_id,
        )
        return Transcript("", tuple(Segment(*row) for row in rows))

    async def search(self, words: str) -> list[int]:
        rows = await self._pool.fetch(
            "SELECT DISTINCT episode_id FROM segments WHERE to_tsvector(body) @@ plainto_tsquery($1)",
            words,
        )
        return [r["episode_id"] for r in rows]


class TranscriptTranslator:
    """Translates a finished transcript into another language."""

    def __init__(self, session: aiohttp.ClientSession, key: str) -> None:
        self._session = session
        self._key = key

    async def translate(self, transcript: Transcript, target: str) -> Transcript:
        body = {
            "text": [s.text for s in transcript.segments],
            "target_lang": target.upper(),
        }
        async with self._session.post(
            "https://api.deepl.example/v2/translate",
            json=body,
            headers={"Authorization": self._key},
        ) as response:
            done = (await response.json())["translations"]
        return Transcript(
            target,
            tuple(
                Segment(s.start, s.end, html.unescape(d["text"]), s.speaker)
                for s, d in zip(transcript.segments, done, strict=True)
            ),
        )

    async def languages(self) -> list[str]:
        async with self._session.get(
            "https://api.deepl.example/v2/languages"
        ) as response:
            return [x["language"].lower() for x in await response.json()]
