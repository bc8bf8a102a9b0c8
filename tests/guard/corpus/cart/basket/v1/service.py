class ShoppingCartV1:
    carts = {}

    def add_item(self, customer, sku, count=1):
        self.carts.setdefault(customer, {})[sku] = count

    def items(self, customer):
        return self.carts.get(customer, {})

    def clear(self, customer):
        self.carts.pop(customer, None)
