from django.conf import settings

from shop.stock.ledger import StockLedger
from shop.stock.wrappers import AuditedLedger, BackorderLedger


class LedgerFactory:
    """Makes the ledger for a site, once, as settings.STOCK_SITES says."""

    def __init__(self, config=None):
        self.config = config or settings.STOCK_SITES
        self._made = {}

    def for_site(self, site):
        if site not in self._made:
            options = self.config.get(site, {})
            if options.get("backorder"):
                self._made[site] = BackorderLedger(site, options["backorder"])
            else:
                self._made[site] = StockLedger(site)
        return self._made[site]

    def for_user(self, site, user):
        return AuditedLedger(self.for_site(site), user.username)


ledgers = LedgerFactory({"MAIN": {}})
