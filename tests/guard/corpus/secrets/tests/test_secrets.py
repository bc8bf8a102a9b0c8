from __future__ import annotations

from datetime import datetime, timezone

import pytest

from orchard.secrets import Secret, SecretNotFound
from orchard.secrets.wrappers import DatabaseUrls, MeteredSecrets
from orchard.utils import MountedSecrets


class InMemorySecrets:
    def __init__(self, **paths: dict[str, str]) -> None:
        self.paths = paths
        self.invalidated: list[str | None] = []

    async def get(self, path: str, key: str) -> str:
        return (await self.read(path)).data[key]

    async def read(self, path: str) -> Secret:
        if path not in self.paths:
            raise SecretNotFound(path)
        return Secret(path, self.paths[path], 1, datetime.now(timezone.utc))

    async def invalidate(self, path: str | None = None) -> None:
        self.invalidated.append(path)

    async def close(self) -> None:
        pass


@pytest.mark.asyncio
async def test_metered_hands_on():
    store = MeteredSecrets(InMemorySecrets(mail={"password": "x"}))
    assert await store.get("mail", "password") == "x"


@pytest.mark.asyncio
async def test_database_url():
    fake = InMemorySecrets(**{"db/main": {"url": "postgres://"}})
    assert await DatabaseUrls(fake).url("main") == "postgres://"
    await DatabaseUrls(fake).forget("main")
    assert fake.invalidated == ["db/main"]


def test_mounted(tmp_path):
    (tmp_path / "smtp").write_text("pw\n")
    assert MountedSecrets(str(tmp_path))["smtp"] == "pw"
