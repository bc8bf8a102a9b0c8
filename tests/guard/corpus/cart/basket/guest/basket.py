from decimal import Decimal


class GuestBasket:
    """A shopping cart in a cookie."""

    def __init__(self, cookie: dict[str, int], prices: dict[str, Decimal]) -> None:
        self.lines = dict(cookie)
        self.prices = prices

    def add_item(self, sku: str, count: int = 1) -> None:
        self.lines[sku] = self.lines.get(sku, 0) + count

    def remove_item(self, sku: str) -> None:
        self.lines.pop(sku, None)

    def total(self) -> Decimal:
        return sum(self.prices[sku] * count for sku, count in self.lines.items())

    def to_cookie(self) -> dict[str, int]:
        return dict(self.lines)
