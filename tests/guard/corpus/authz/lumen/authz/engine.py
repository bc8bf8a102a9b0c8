from __future__ import annotations

import structlog

from .api import Authorizer, Decision, Forbidden, Grant, Resource, Subject
from .store import GrantStore, RoleGraph

log = structlog.get_logger(__name__)


class PolicyEngine(Authorizer):
    """Decides who may do what in lumen.

    Roles come with the subject, grants from the database. An explicit share of a
    single resource beats the roles; without either the answer is no.
    """

    def __init__(self, grants: GrantStore, roles: RoleGraph, pool) -> None:
        self._grants = grants
        self._roles = roles
        self._pool = pool

    async def decide(
        self, subject: Subject, action: str, resource: Resource
    ) -> Decision:
        if await self._shared(subject, action, resource):
            return Decision(True, "shared")
        for grant in await self._grants.for_roles(self._roles.closure(subject.roles)):
            if grant.action not in (action, "*") or grant.kind not in (
                resource.kind,
                "*",
            ):
                continue
            if grant.only_own and resource.owner != subject.id:
                continue
            return Decision(True, f"role {grant.role}")
        return Decision(False, "no grant")

    async def require(self, subject: Subject, action: str, resource: Resource) -> None:
        decision = await self.decide(subject, action, resource)
        if not decision:
            log.info(
                "forbidden", subject=subject.id, action=action, resource=resource.id
            )
            raise Forbidden(subject, action, resource, decision.reason)

    async def filter(
        self, subject: Subject, action: str, resources: list[Resource]
    ) -> list[Resource]:
        return [r for r in resources if await self.decide(subject, action, r)]

    async def grant(
        self, role: str, action: str, kind: str, *, only_own: bool = False
    ) -> None:
        self._roles.closure([role])
        await self._grants.add(Grant(role, action, kind, only_own))

    async def revoke(self, role: str, action: str, kind: str) -> None:
        await self._grants.remove(role, action, kind)

    async def share(self, resource: Resource, with_: str, action: str) -> None:
        await self._pool.execute(
            "INSERT INTO authz.shares (kind, resource, subject, action) VALUES ($1, $2, $3, $4)",
            resource.kind,
            resource.id,
            with_,
            action,
        )

    async def _shared(self, subject: Subject, action: str, resource: Resource) -> bool:
        return await self._pool.fetchval(
            "SELECT EXISTS (SELECT 1 FROM authz.shares"
            " WHERE kind = $1 AND resource = $2 AND subject = $3 AND action = $4)",
            resource.kind,
            resource.id,
            subject.id,
            action,
        )
