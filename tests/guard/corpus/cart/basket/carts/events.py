from decimal import Decimal

from basket.carts.service import CartService


class PublishingCarts:
    def __init__(self, service: CartService, publish) -> None:
        self._service = service
        self._publish = publish
        self._sent: list[tuple[str, str]] = []

    async def add_item(self, customer: str, sku: str, count: int = 1):
        item = await self._service.add_item(customer, sku, count)
        await self._tell("added", sku)
        return item

    async def remove_item(self, customer: str, sku: str) -> None:
        await self._service.remove_item(customer, sku)
        await self._tell("removed", sku)

    async def checkout(self, customer: str) -> Decimal:
        total = await self._service.checkout(customer)
        await self._tell("bought", str(total))
        return total

    async def _tell(self, what: str, about: str) -> None:
        self._sent.append((what, about))
        await self._publish(what, about)
