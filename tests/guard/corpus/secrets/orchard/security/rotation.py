from __future__ import annotations

import secrets

import asyncpg
import hvac


class SecretRotator:
    """Gives each database user a new password, and writes it to Vault. Monthly."""

    def __init__(self, admin: asyncpg.Connection, vault: hvac.Client) -> None:
        self._admin = admin
        self._vault = vault

    async def rotate(self, user: str) -> int:
        password = secrets.token_urlsafe(24)
        await self._admin.execute(f"ALTER ROLE {user} WITH PASSWORD '{password}'")
        answer = self._vault.secrets.kv.v2.create_or_update_secret(
            path=f"db/{user}", secret={"password": password}, mount_point="kv"
        )
        return answer["data"]["version"]

    async def rotate_all(self) -> dict[str, int]:
        rows = await self._admin.fetch(
            "SELECT rolname FROM pg_roles WHERE rolname LIKE 'app_%'"
        )
        return {row["rolname"]: await self.rotate(row["rolname"]) for row in rows}
