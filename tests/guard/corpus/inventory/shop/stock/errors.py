class StockError(Exception):
    """Anything that goes wrong with stock."""


class OutOfStock(StockError):
    def __init__(self, sku, wanted, available):
        super().__init__(f"{sku}: wanted {wanted}, only {available} available")
        self.sku = sku
        self.wanted = wanted
        self.available = available


class UnknownReservation(StockError, LookupError):
    pass
