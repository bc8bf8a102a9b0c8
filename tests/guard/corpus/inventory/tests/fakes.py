import itertools

from shop.stock.base import Inventory
from shop.stock.errors import OutOfStock


class FakeLedger(Inventory):
    def __init__(self, **levels):
        self.levels = levels
        self.open = {}
        self.committed = []
        self._ids = itertools.count(1)

    def available(self, sku):
        return self.levels.get(sku, 0) - sum(
            q for s, q in self.open.values() if s == sku
        )

    def reserve(self, sku, quantity, minutes=15):
        if self.available(sku) < quantity:
            raise OutOfStock(sku, quantity, self.available(sku))
        token = next(self._ids)
        self.open[token] = (sku, quantity)
        return token

    def release(self, token):
        del self.open[token]

    def commit(self, token):
        self.committed.append(self.open.pop(token))


class EndlessInventory(Inventory):
    """Never runs out, remembers nothing."""

    def available(self, sku):
        return 10**6

    def reserve(self, sku, quantity, minutes=15):
        return "token"

    def release(self, token):
        pass

    def commit(self, token):
        pass
