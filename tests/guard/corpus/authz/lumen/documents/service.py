from __future__ import annotations

from dataclasses import dataclass
from datetime import date, timedelta

from lumen.authz.api import Authorizer, Decision, Resource, Subject


class DocumentAccess:
    """The authorizer in words of documents: give a document id, get yes or no."""

    def __init__(self, authorizer: Authorizer, repository) -> None:
        self._authorizer = authorizer
        self._repository = repository

    async def may_read(self, subject: Subject, document_id: str) -> bool:
        return bool(
            await self._authorizer.decide(
                subject, "read", await self._resource(document_id)
            )
        )

    async def may_sign(self, subject: Subject, document_id: str) -> bool:
        return bool(
            await self._authorizer.decide(
                subject, "sign", await self._resource(document_id)
            )
        )

    async def _resource(self, document_id: str) -> Resource:
        document = await self._repository.get(document_id)
        return Resource(
            "document", document_id, document.owner, {"tenant": document.tenant}
        )


@dataclass
class RetentionPolicyEngine:
    """Decides from its age whether a document has to be kept, archived or destroyed."""

    years: dict[str, int]

    def decide(self, kind: str, created: date, today: date) -> str:
        age = today - created
        keep = timedelta(days=365 * self.years.get(kind, 10))
        if age < keep / 2:
            return "keep"
        return "archive" if age < keep else "destroy"


async def open_document(
    access: DocumentAccess, subject: Subject, document_id: str, repository
) -> bytes | Decision:
    if not await access.may_read(subject, document_id):
        return Decision(False, "not readable")
    return await repository.body(document_id)
