from __future__ import annotations

import asyncio
from dataclasses import dataclass

from sports.opinions import ReaderOpinions


@dataclass(frozen=True)
class TickerEntry:
    minute: int
    text: str
    goal: bool = False


class LiveCommentary:
    """The reporter's minute-by-minute text of a match, pushed to whoever watches."""

    def __init__(self, match_id: str) -> None:
        self.match_id = match_id
        self.entries: list[TickerEntry] = []
        self._watchers: set[asyncio.Queue[TickerEntry]] = set()

    async def post(self, minute: int, text: str, goal: bool = False) -> TickerEntry:
        entry = TickerEntry(minute, text, goal)
        self.entries.append(entry)
        for queue in self._watchers:
            await queue.put(entry)
        return entry

    def thread(self) -> list[TickerEntry]:
        return sorted(self.entries, key=lambda e: e.minute, reverse=True)

    async def watch(self):
        queue: asyncio.Queue[TickerEntry] = asyncio.Queue()
        self._watchers.add(queue)
        try:
            while True:
                yield await queue.get()
        finally:
            self._watchers.discard(queue)


async def match_page(db, match_id: str, ticker: LiveCommentary) -> dict:
    return {
        "ticker": ticker.thread(),
        "opinions": await ReaderOpinions(db).of_match(match_id),
    }
