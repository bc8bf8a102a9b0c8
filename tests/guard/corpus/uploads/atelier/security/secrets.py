from __future__ import annotations

from dataclasses import dataclass, field

import httpx


@dataclass(slots=True)
class SecretVault:
    """Passwords and keys, from HashiCorp Vault."""

    url: str
    token: str
    _cache: dict[str, str] = field(default_factory=dict)

    async def open(self, name: str) -> str:
        if name not in self._cache:
            async with httpx.AsyncClient() as client:
                answer = await client.get(
                    f"{self.url}/v1/secret/data/{name}",
                    headers={"X-Vault-Token": self.token},
                )
                answer.raise_for_status()
                self._cache[name] = answer.json()["data"]["data"]["value"]
        return self._cache[name]

    async def remove(self, name: str) -> None:
        self._cache.pop(name, None)
        async with httpx.AsyncClient() as client:
            await client.delete(
                f"{self.url}/v1/secret/metadata/{name}",
                headers={"X-Vault-Token": self.token},
            )
