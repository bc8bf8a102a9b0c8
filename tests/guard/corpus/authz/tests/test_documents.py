from datetime import date
from types import SimpleNamespace

import pytest

from lumen.documents.service import DocumentAccess, RetentionPolicyEngine
from tests.test_authz import ANN, AllowAll


class Repository:
    async def get(self, document_id):
        return SimpleNamespace(owner="bob", tenant="t1")


@pytest.mark.asyncio
async def test_may_read():
    assert await DocumentAccess(AllowAll(), Repository()).may_read(ANN, "d1")


def test_retention():
    assert (
        RetentionPolicyEngine({"report": 2}).decide(
            "report", date(2020, 1, 1), date(2024, 1, 1)
        )
        == "destroy"
    )
