import logging

from shop.stock.base import Inventory
from shop.stock.ledger import StockLedger

log = logging.getLogger("stock.audit")


class AuditedLedger(Inventory):
    """Same as the ledger it is given, but says in the audit log who did it."""

    def __init__(self, ledger: StockLedger, actor):
        self._ledger = ledger
        self._actor = actor

    def available(self, sku):
        return self._ledger.available(sku)

    def reserve(self, sku, quantity, minutes=15):
        token = self._ledger.reserve(sku, quantity, minutes)
        log.info("%s reserved %s x %s (%s)", self._actor, quantity, sku, token)
        return token

    def release(self, token):
        log.info("%s released %s", self._actor, token)
        self._ledger.release(token)

    def commit(self, token):
        log.info("%s committed %s", self._actor, token)
        self._ledger.commit(token)


class BackorderLedger(StockLedger):
    """A ledger that lets some SKUs be sold before they have arrived."""

    def __init__(self, site="MAIN", allowance=None):
        super().__init__(site)
        self.allowance = allowance or {}

    def available(self, sku):
        return super().available(sku) + self.allowance.get(sku, 0)
