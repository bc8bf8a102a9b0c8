from __future__ import annotations

import zlib


class FeatureFlags:
    """Gradual rollout: which share of the traffic gets the new code."""

    def __init__(self, percent: dict[str, int]) -> None:
        self._percent = percent

    def is_enabled(self, flag: str, subject_id: str) -> bool:
        bucket = zlib.crc32(f"{flag}:{subject_id}".encode()) % 100
        return bucket < self._percent.get(flag, 0)

    def set(self, flag: str, percent: int) -> None:
        self._percent[flag] = percent
