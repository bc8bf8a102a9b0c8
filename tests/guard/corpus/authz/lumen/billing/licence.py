from __future__ import annotations

from lumen.authz.api import Authorizer, Decision, Forbidden, Resource, Subject

PLANS = {
    "free": {"documents": 100, "samples": 0},
    "team": {"documents": 10_000, "samples": 500},
    "enterprise": {"documents": None, "samples": None},
}


class LicenceGate(Authorizer):
    """Says whether the tenant's paid plan still has room. Knows nothing of users, roles or grants."""

    def __init__(self, pool) -> None:
        self._pool = pool

    async def decide(
        self, subject: Subject, action: str, resource: Resource
    ) -> Decision:
        plan = await self._pool.fetchval(
            "SELECT plan FROM billing.tenants WHERE id = $1", subject.tenant
        )
        limit = PLANS[plan].get(resource.kind, 0)
        if action != "create" or limit is None:
            return Decision(True, plan)
        used = await self._pool.fetchval(
            "SELECT count(*) FROM billing.usage WHERE tenant = $1 AND kind = $2",
            subject.tenant,
            resource.kind,
        )
        return Decision(used < limit, f"{used} of {limit} in plan {plan}")

    async def require(self, subject: Subject, action: str, resource: Resource) -> None:
        decision = await self.decide(subject, action, resource)
        if not decision:
            raise Forbidden(subject, action, resource, decision.reason)
