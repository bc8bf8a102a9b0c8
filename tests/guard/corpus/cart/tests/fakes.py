class FakeCarts:
    def __init__(self):
        self.calls = []

    async def add_item(self, customer, sku, count=1):
        self.calls.append(("add", sku))

    async def remove_item(self, customer, sku):
        self.calls.append(("remove", sku))

    async def total(self, customer):
        return 0

    async def checkout(self, customer):
        self.calls.append(("checkout", customer))
