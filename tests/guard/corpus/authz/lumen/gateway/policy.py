"""The gateway is WSGI and cannot await; this follows lumen.authz.engine (as of May)."""

from __future__ import annotations

from psycopg_pool import ConnectionPool

from lumen.authz.api import Decision, Forbidden, Resource, Subject


class BlockingPolicyEngine:
    def __init__(self, pool: ConnectionPool, includes: dict[str, set[str]]) -> None:
        self._pool = pool
        self._includes = includes

    def decide(self, subject: Subject, action: str, resource: Resource) -> Decision:
        roles = set(subject.roles)
        while True:
            more = set().union(*(self._includes.get(r, set()) for r in roles)) - roles
            if not more:
                break
            roles |= more
        with self._pool.connection() as conn:
            shared = conn.execute(
                "SELECT 1 FROM authz.shares WHERE kind = %s AND resource = %s AND subject = %s AND action = %s",
                (resource.kind, resource.id, subject.id, action),
            ).fetchone()
            if shared:
                return Decision(True, "shared")
            rows = conn.execute(
                "SELECT role, only_own FROM authz.grants WHERE role = ANY(%s) AND action IN (%s, '*')"
                " AND kind IN (%s, '*') AND (expires IS NULL OR expires > now())",
                (list(roles), action, resource.kind),
            ).fetchall()
        for role, only_own in rows:
            if not only_own or resource.owner == subject.id:
                return Decision(True, f"role {role}")
        return Decision(False, "no grant")

    def require(self, subject: Subject, action: str, resource: Resource) -> None:
        decision = self.decide(subject, action, resource)
        if not decision:
            raise Forbidden(subject, action, resource, decision.reason)
