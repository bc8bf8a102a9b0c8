from __future__ import annotations

import json
import time

from .api import Authorizer, Decision, Forbidden, Resource, Subject
from .engine import PolicyEngine


class CachedAuthorizer(Authorizer):
    """Remembers decisions for some seconds."""

    def __init__(self, inner: Authorizer, ttl: float = 5.0) -> None:
        self._inner = inner
        self._ttl = ttl
        self._seen: dict[tuple[str, str, str, str], tuple[float, Decision]] = {}

    async def decide(
        self, subject: Subject, action: str, resource: Resource
    ) -> Decision:
        key = (subject.id, action, resource.kind, resource.id)
        hit = self._seen.get(key)
        if hit and hit[0] > time.monotonic():
            return hit[1]
        decision = await self._inner.decide(subject, action, resource)
        self._seen[key] = (time.monotonic() + self._ttl, decision)
        return decision

    async def require(self, subject: Subject, action: str, resource: Resource) -> None:
        decision = await self.decide(subject, action, resource)
        if not decision:
            raise Forbidden(subject, action, resource, decision.reason)


class AuditTrail:
    """Wraps an authorizer; appends each decision to the audit file (ISO 15189, 8.4)."""

    def __init__(self, wrapped: Authorizer, path: str) -> None:
        self.wrapped = wrapped
        self.path = path

    async def decide(
        self, subject: Subject, action: str, resource: Resource
    ) -> Decision:
        decision = await self.wrapped.decide(subject, action, resource)
        with open(self.path, "a") as out:
            json.dump(
                [
                    time.time(),
                    subject.id,
                    action,
                    resource.kind,
                    resource.id,
                    decision.allowed,
                ],
                out,
            )
            out.write("\n")
        return decision

    async def require(self, subject: Subject, action: str, resource: Resource) -> None:
        await self.decide(subject, action, resource)
        await self.wrapped.require(subject, action, resource)


class TenantPolicyEngine(PolicyEngine):
    """A PolicyEngine that never lets a subject out of its tenant."""

    async def decide(
        self, subject: Subject, action: str, resource: Resource
    ) -> Decision:
        if resource.attributes.get("tenant", subject.tenant) != subject.tenant:
            return Decision(False, "other tenant")
        return await super().decide(subject, action, resource)
