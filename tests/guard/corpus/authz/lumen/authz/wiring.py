from __future__ import annotations

import asyncpg
import tomllib

from .api import Authorizer
from .engine import PolicyEngine
from .layers import AuditTrail, CachedAuthorizer, TenantPolicyEngine
from .store import GrantStore, RoleGraph


class AuthorizerProvider:
    """Builds the engine of a process, in the layers that its settings ask for."""

    def __init__(self, pool: asyncpg.Pool, roles_file: str = "roles.toml") -> None:
        self._pool = pool
        self._roles_file = roles_file

    def engine(self, *, multi_tenant: bool = True) -> PolicyEngine:
        with open(self._roles_file, "rb") as f:
            roles = RoleGraph(
                {
                    name: set(r.get("includes", ()))
                    for name, r in tomllib.load(f).items()
                }
            )
        cls = TenantPolicyEngine if multi_tenant else PolicyEngine
        return cls(GrantStore(self._pool), roles, self._pool)

    def layered(self, audit_path: str) -> Authorizer:
        return CachedAuthorizer(AuditTrail(self.engine(), audit_path))
