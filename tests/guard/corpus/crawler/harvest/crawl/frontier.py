from __future__ import annotations

import heapq
from dataclasses import dataclass, field


@dataclass(order=True)
class Target:
    priority: int
    url: str = field(compare=False)
    depth: int = field(default=0, compare=False)


class Frontier:
    """Addresses that are still to be visited, best first, none twice."""

    def __init__(self) -> None:
        self._heap: list[Target] = []
        self._seen: set[str] = set()

    def add(self, url: str, priority: int = 10, depth: int = 0) -> bool:
        if url in self._seen:
            return False
        self._seen.add(url)
        heapq.heappush(self._heap, Target(priority, url, depth))
        return True

    def next(self) -> Target | None:
        return heapq.heappop(self._heap) if self._heap else None

    def __len__(self) -> int:
        return len(self._heap)
