from decimal import Decimal

from pydantic import BaseModel


class CartItem(BaseModel):
    sku: str
    count: int
    price: Decimal

    def total(self) -> Decimal:
        return self.price * self.count
