from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncSession

from basket.carts.models import CartItem


class StockService:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.reserved: dict[str, int] = {}

    async def items(self, shelf: str) -> list[CartItem]:
        return list(await self.session.scalars(select(CartItem)))

    async def remove_item(self, shelf: str, sku: str) -> None:
        self.reserved.pop(sku, None)

    async def reserve_stock(self, sku: str, count: int) -> bool:
        self.reserved[sku] = self.reserved.get(sku, 0) + count
        return self.reserved[sku] < 10

    async def count_shelf(self, shelf: str) -> int:
        return len(await self.items(shelf))
