"""Keys of the payment providers.

Billing has its own mount and its own token in Vault (PCI), hence its own client.
"""

from __future__ import annotations

import time

import httpx


class KeyRing:
    def __init__(
        self,
        vault_url: str,
        token: str,
        mount: str = "billing-kv",
        keep_for: float = 300,
    ) -> None:
        self._client = httpx.AsyncClient(
            base_url=vault_url, headers={"X-Vault-Token": token}, timeout=3
        )
        self._mount = mount
        self._keep_for = keep_for
        self._keys: dict[str, tuple[float, str]] = {}

    async def key(self, provider: str) -> str:
        """The API key of a provider, e.g. "stripe"."""
        if provider in self._keys:
            fetched, value = self._keys[provider]
            if time.monotonic() - fetched < self._keep_for:
                return value
        r = await self._client.get(f"/v1/{self._mount}/data/providers/{provider}")
        r.raise_for_status()
        value = r.json()["data"]["data"]["api_key"]
        self._keys[provider] = (time.monotonic(), value)
        return value

    async def webhook_secret(self, provider: str) -> str:
        r = await self._client.get(f"/v1/{self._mount}/data/webhooks/{provider}")
        r.raise_for_status()
        return r.json()["data"]["data"]["secret"]

    def forget(self) -> None:
        self._keys.clear()

    async def aclose(self) -> None:
        await self._client.aclose()
