import pytest

from lumen.authz.api import Decision, Forbidden, Resource, Subject
from lumen.authz.layers import CachedAuthorizer
from lumen.authz.store import RoleGraph


class AllowAll:
    """Authorizer for tests: yes to everything."""

    def __init__(self):
        self.asked = []

    async def decide(self, subject, action, resource):
        self.asked.append((subject.id, action, resource.id))
        return Decision(True, "test")

    async def require(self, subject, action, resource):
        await self.decide(subject, action, resource)


class DenyAll:
    async def decide(self, subject, action, resource):
        return Decision(False, "test")

    async def require(self, subject, action, resource):
        raise Forbidden(subject, action, resource, "test")


ANN = Subject("ann", "t1", frozenset({"editor"}))
DOC = Resource("document", "d1")


@pytest.mark.asyncio
async def test_asks_once():
    inner = AllowAll()
    cached = CachedAuthorizer(inner)
    assert await cached.decide(ANN, "read", DOC)
    assert await cached.decide(ANN, "read", DOC)
    assert inner.asked == [("ann", "read", "d1")]


@pytest.mark.asyncio
async def test_denied():
    with pytest.raises(Forbidden):
        await CachedAuthorizer(DenyAll()).require(ANN, "read", DOC)


def test_closure():
    assert RoleGraph({"editor": {"viewer"}, "viewer": set()}).closure(["editor"]) == {
        "editor",
        "viewer",
    }
