from __future__ import annotations

from collections.abc import Iterable

import asyncpg

from .api import Grant, UnknownRole


class GrantStore:
    """The table ``authz.grants``."""

    def __init__(self, pool: asyncpg.Pool) -> None:
        self._pool = pool

    async def for_roles(self, roles: Iterable[str]) -> list[Grant]:
        rows = await self._pool.fetch(
            "SELECT role, action, kind, only_own, expires FROM authz.grants"
            " WHERE role = ANY($1) AND (expires IS NULL OR expires > now())",
            list(roles),
        )
        return [Grant(**row) for row in rows]

    async def add(self, grant: Grant) -> None:
        await self._pool.execute(
            "INSERT INTO authz.grants (role, action, kind, only_own, expires) VALUES ($1, $2, $3, $4, $5)"
            " ON CONFLICT (role, action, kind) DO UPDATE SET only_own = $4, expires = $5",
            grant.role,
            grant.action,
            grant.kind,
            grant.only_own,
            grant.expires,
        )

    async def remove(self, role: str, action: str, kind: str) -> None:
        await self._pool.execute(
            "DELETE FROM authz.grants WHERE role = $1 AND action = $2 AND kind = $3",
            role,
            action,
            kind,
        )


class RoleGraph:
    """Which role includes which others."""

    def __init__(self, includes: dict[str, set[str]]) -> None:
        self._includes = includes

    def closure(self, roles: Iterable[str]) -> frozenset[str]:
        seen: set[str] = set()
        todo = list(roles)
        while todo:
            role = todo.pop()
            if role in seen:
                continue
            if role not in self._includes:
                raise UnknownRole(role)
            seen.add(role)
            todo.extend(self._includes[role])
        return frozenset(seen)
