"""Plain settings: nothing secret in here."""

from __future__ import annotations

import os
import time
from dataclasses import dataclass

import aiohttp


@dataclass(frozen=True)
class Settings:
    hosting: str
    vault_url: str
    vault_role: str
    billing_token: str
    aws_region: str
    config_url: str


def load() -> Settings:
    env = os.environ
    return Settings(
        hosting=env.get("HOSTING", "k8s"),
        vault_url=env["VAULT_ADDR"],
        vault_role=env.get("VAULT_ROLE", "orchard"),
        billing_token=env.get("BILLING_VAULT_TOKEN", ""),
        aws_region=env.get("AWS_REGION", "eu-west-1"),
        config_url=env["CONFIG_URL"],
    )


class RemoteSettings:
    """Feature flags and limits from the config service, cached for a minute."""

    def __init__(self, url: str, ttl: float = 60.0) -> None:
        self._url = url
        self._ttl = ttl
        self._values: dict[str, object] = {}
        self._read_at = 0.0

    async def get(self, name: str, default: object = None) -> object:
        if time.monotonic() - self._read_at > self._ttl:
            await self.refresh()
        return self._values.get(name, default)

    async def refresh(self) -> None:
        async with (
            aiohttp.ClientSession() as http,
            http.get(f"{self._url}/flags") as response,
        ):
            self._values = await response.json()
        self._read_at = time.monotonic()

    async def invalidate(self) -> None:
        self._read_at = 0.0
