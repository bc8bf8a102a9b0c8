from decimal import Decimal

from fastapi import HTTPException
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from basket.carts.models import CartItem


class BulkOrderDraft:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.rebates: dict[str, Decimal] = {}

    async def add_item(self, company: str, sku: str, count: int = 100) -> None:
        row = await self.session.scalar(select(CartItem).where(CartItem.sku == sku))
        if row is None or count < 100:
            raise HTTPException(400)
        row.count += count
        await self.session.flush()

    async def drop_item(self, company: str, sku: str) -> None:
        await self.session.execute(delete(CartItem).where(CartItem.sku == sku))

    async def items(self, company: str) -> list[CartItem]:
        return list(await self.session.scalars(select(CartItem)))

    async def total(self, company: str) -> Decimal:
        items = await self.items(company)
        return sum(item.total() for item in items) - self.rebates.get(company, 0)
