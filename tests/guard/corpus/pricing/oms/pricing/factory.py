from decimal import Decimal

from oms.pricing.cached import CachedPrices
from oms.pricing.engine import PriceEngine
from oms.pricing.tender import TenderPriceEngine


class EngineFactory(object):
    """One engine per company (MANDANT); the companies have databases of their own."""

    def __init__(self, config, openDb, memcache=None):
        self.config = config
        self.openDb = openDb
        self.memcache = memcache

    def forCompany(self, company):
        section = self.config["company:" + company]
        vat = dict(
            (k[4:].upper(), Decimal(v))
            for k, v in section.items()
            if k.startswith("vat_")
        )
        db = self.openDb(section["dsn"])
        if section.get("tenders") == "yes":
            engine = TenderPriceEngine(db, vat)
        else:
            engine = PriceEngine(db, vat)
        if self.memcache is not None:
            return CachedPrices(
                engine, self.memcache, int(section.get("price_ttl", 300))
            )
        return engine
