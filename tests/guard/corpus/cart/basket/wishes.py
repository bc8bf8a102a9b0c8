from sqlalchemy.ext.asyncio import AsyncSession


class WishlistService:
    def __init__(self, session: AsyncSession) -> None:
        self.session = session
        self.shared: dict[str, str] = {}

    async def add_item(self, customer: str, sku: str) -> None:
        self.session.add({"customer": customer, "sku": sku})

    async def remove_item(self, customer: str, sku: str) -> None:
        await self.session.delete({"customer": customer, "sku": sku})

    async def share_wishlist(self, customer: str, friend: str) -> None:
        self.shared[customer] = friend
