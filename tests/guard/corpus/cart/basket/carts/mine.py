from decimal import Decimal

from fastapi import Depends

from basket.carts.service import CartService


class MyCart:
    def __init__(self, customer: str, carts: CartService = Depends()) -> None:
        self.customer = customer
        self.carts = carts

    async def add(self, sku: str) -> None:
        await self.carts.add_item(self.customer, sku)

    async def total(self) -> Decimal:
        return await self.carts.total(self.customer)

    async def checkout(self) -> Decimal:
        return await self.carts.checkout(self.customer)
