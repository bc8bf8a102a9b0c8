from shop.stock.errors import OutOfStock
from shop.stock.setup import ledgers


class CartStock:
    """Whole carts at a time: all lines or none."""

    def __init__(self, ledger=None):
        self.ledger = ledger or ledgers.for_site("MAIN")

    def hold_cart(self, cart):
        tokens = []
        try:
            for line in cart.lines.all():
                tokens.append(self.ledger.reserve(line.sku, line.quantity))
        except OutOfStock:
            self.drop(tokens)
            raise
        return tokens

    def drop(self, tokens):
        for token in tokens:
            self.ledger.release(token)

    def ship(self, tokens):
        for token in tokens:
            self.ledger.commit(token)
