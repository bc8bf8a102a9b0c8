from __future__ import annotations

import json
from datetime import datetime, timezone

import aioboto3

from orchard.secrets.cache import LeaseCache
from orchard.secrets.errors import SecretNotFound
from orchard.secrets.protocol import SecretReader
from orchard.secrets.types import Secret


class AwsSecretStore(SecretReader):
    """The same promise from AWS Secrets Manager, for the customers who host us on AWS."""

    def __init__(self, region: str, prefix: str = "orchard/") -> None:
        self._session = aioboto3.Session(region_name=region)
        self._prefix = prefix
        self._cache = LeaseCache()

    async def get(self, path: str, key: str) -> str:
        secret = await self.read(path)
        if key not in secret.data:
            raise SecretNotFound(path, key)
        return secret.data[key]

    async def read(self, path: str) -> Secret:
        if (hit := self._cache.lookup(path)) is not None:
            return hit
        async with (
            self._cache.lock(path),
            self._session.client("secretsmanager") as client,
        ):
            try:
                answer = await client.get_secret_value(SecretId=self._prefix + path)
            except client.exceptions.ResourceNotFoundException:
                raise SecretNotFound(path) from None
        secret = Secret(
            path, json.loads(answer["SecretString"]), 0, datetime.now(timezone.utc)
        )
        self._cache.keep(secret)
        return secret

    async def invalidate(self, path: str | None = None) -> None:
        self._cache.drop(path)

    async def close(self) -> None:
        return None
