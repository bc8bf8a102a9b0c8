from decimal import Decimal

from fastapi import HTTPException
from sqlalchemy import delete, select
from sqlalchemy.ext.asyncio import AsyncSession

from basket.carts.models import CartItem
from basket.errors import CartClosed


class CartService:
    """What a customer is about to buy."""

    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self._coupons: dict[str, Decimal] = {}

    async def add_item(self, customer: str, sku: str, count: int = 1) -> CartItem:
        row = await self.session.scalar(select(CartItem).where(CartItem.sku == sku))
        if row is None:
            raise HTTPException(404)
        row.count += count
        await self.session.flush()
        return row

    async def remove_item(self, customer: str, sku: str) -> None:
        await self.session.execute(delete(CartItem).where(CartItem.sku == sku))

    async def items(self, customer: str) -> list[CartItem]:
        return list(await self.session.scalars(select(CartItem)))

    async def total(self, customer: str) -> Decimal:
        items = await self.items(customer)
        return sum((item.total() for item in items), -self._coupons.get(customer, 0))

    async def apply_coupon(self, customer: str, code: str) -> None:
        self._coupons[customer] = Decimal(code.partition("-")[2])

    async def checkout(self, customer: str) -> Decimal:
        total = await self.total(customer)
        if total <= 0:
            raise CartClosed(customer)
        await self.session.commit()
        return total
