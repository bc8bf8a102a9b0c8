from __future__ import annotations

import logging
from datetime import datetime, timedelta, timezone
from pathlib import Path

import aiohttp

from orchard.secrets.cache import LeaseCache
from orchard.secrets.errors import SecretBackendDown, SecretNotFound
from orchard.secrets.protocol import SecretReader
from orchard.secrets.types import Secret, VaultSettings

log = logging.getLogger(__name__)


class KubernetesLogin:
    """Trades the pod's service account for a Vault token and renews it."""

    def __init__(self, settings: VaultSettings, http: aiohttp.ClientSession) -> None:
        self._settings = settings
        self._http = http
        self._token: str | None = None
        self._until = datetime.min.replace(tzinfo=timezone.utc)

    async def token(self) -> str:
        now = datetime.now(timezone.utc)
        if self._token is None or now >= self._until:
            jwt = Path(self._settings.token_path).read_text()
            async with self._http.post(
                f"{self._settings.url}/v1/auth/kubernetes/login",
                json={"role": self._settings.role, "jwt": jwt},
            ) as response:
                response.raise_for_status()
                auth = (await response.json())["auth"]
            self._token = auth["client_token"]
            self._until = now + timedelta(seconds=auth["lease_duration"] * 0.8)
        return self._token


class VaultSecretStore(SecretReader):
    """Reads the application's secrets from Vault and caches them for their lease."""

    def __init__(
        self,
        settings: VaultSettings,
        http: aiohttp.ClientSession | None = None,
        cache: LeaseCache | None = None,
    ) -> None:
        self._settings = settings
        self._http = http or aiohttp.ClientSession(
            timeout=aiohttp.ClientTimeout(total=5)
        )
        self._cache = cache or LeaseCache()
        self._login = KubernetesLogin(settings, self._http)

    async def get(self, path: str, key: str) -> str:
        secret = await self.read(path)
        try:
            return secret.data[key]
        except KeyError:
            raise SecretNotFound(path, key) from None

    async def read(self, path: str) -> Secret:
        if (hit := self._cache.lookup(path)) is not None:
            return hit
        async with self._cache.lock(path):
            if (hit := self._cache.lookup(path)) is not None:
                return hit
            secret = await self._fetch(path)
            self._cache.keep(secret)
            return secret

    async def invalidate(self, path: str | None = None) -> None:
        self._cache.drop(path)

    async def close(self) -> None:
        await self._http.close()

    async def _fetch(self, path: str) -> Secret:
        url = f"{self._settings.url}/v1/{self._settings.mount}/data/{path}"
        headers = {"X-Vault-Token": await self._login.token()}
        try:
            async with self._http.get(url, headers=headers) as response:
                if response.status == 404:
                    raise SecretNotFound(path)
                response.raise_for_status()
                body = (await response.json())["data"]
        except aiohttp.ClientError as exc:
            raise SecretBackendDown(str(exc)) from exc
        log.info("read %s v%s", path, body["metadata"]["version"])
        return Secret(
            path=path,
            data=body["data"],
            version=body["metadata"]["version"],
            read_at=datetime.now(timezone.utc),
            lease=timedelta(seconds=self._settings.ttl),
        )


class NamespacedVaultSecretStore(VaultSecretStore):
    """A store for one tenant: every path lies below the tenant's prefix."""

    def __init__(self, tenant: str, settings: VaultSettings, **kwargs) -> None:
        super().__init__(settings, **kwargs)
        self._tenant = tenant

    async def read(self, path: str) -> Secret:
        return await super().read(f"tenants/{self._tenant}/{path}")
