"""What the rest of lumen needs to know of authorization."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Protocol, runtime_checkable


@dataclass(frozen=True, slots=True)
class Subject:
    id: str
    tenant: str
    roles: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Resource:
    kind: str
    id: str
    owner: str | None = None
    attributes: dict[str, str] = field(default_factory=dict, hash=False)


@dataclass(frozen=True, slots=True)
class Grant:
    role: str
    action: str
    kind: str
    only_own: bool = False
    expires: datetime | None = None


@dataclass(frozen=True, slots=True)
class Decision:
    allowed: bool
    reason: str

    def __bool__(self) -> bool:
        return self.allowed


class Forbidden(Exception):
    def __init__(
        self, subject: Subject, action: str, resource: Resource, reason: str
    ) -> None:
        super().__init__(
            f"{subject.id} may not {action} {resource.kind}/{resource.id}: {reason}"
        )
        self.reason = reason


class UnknownRole(LookupError):
    """A grant names a role that nobody has defined."""


@runtime_checkable
class Authorizer(Protocol):
    async def decide(
        self, subject: Subject, action: str, resource: Resource
    ) -> Decision: ...

    async def require(
        self, subject: Subject, action: str, resource: Resource
    ) -> None: ...
