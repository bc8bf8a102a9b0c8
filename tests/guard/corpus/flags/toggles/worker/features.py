from __future__ import annotations

import httpx


class FeatureFlagsClient:
    def __init__(self, url: str) -> None:
        self._client = httpx.Client(base_url=url)
        self._known: dict[str, bool] = {}

    def is_enabled(self, name: str, user: str = "") -> bool:
        if name not in self._known:
            answer = self._client.get(f"/flags/{name}", params={"user": user})
            self._known[name] = answer.json()["on"]
        return self._known[name]

    def refresh(self) -> None:
        self._known.clear()
