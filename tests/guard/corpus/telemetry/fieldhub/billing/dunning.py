from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import Protocol


class Ledger(Protocol):
    async def overdue(self, days: int) -> list[tuple[str, Decimal]]: ...
    async def mark_reminded(self, customer: str) -> None: ...


@dataclass
class DebtCollector:
    """Reminds growers whose sensor subscription is overdue."""

    ledger: Ledger
    days: int = 30

    async def collect(self) -> Decimal:
        total = Decimal(0)
        for customer, amount in await self.ledger.overdue(self.days):
            await self.ledger.mark_reminded(customer)
            total += amount
        return total
