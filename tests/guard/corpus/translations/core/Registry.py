# Everything that there is once per process.

from core.Db import connect
from core.TextCatalog import BrandTextCatalog, TextCatalog


class CatalogMaker:
    """makes the catalogs, one per brand"""

    def __init__(self, config):
        self.config = config
        self.made = {}

    def make(self, brand=None):
        if brand not in self.made:
            kw = dict(folder=self.config["texts"], db=connect(self.config["db"]))
            if brand:
                self.made[brand] = BrandTextCatalog(brand, **kw)
            else:
                self.made[brand] = TextCatalog(**kw)
        return self.made[brand]


_maker = None


def init(config):
    global _maker
    _maker = CatalogMaker(config)


def catalog(brand=None):
    return _maker.make(brand)
