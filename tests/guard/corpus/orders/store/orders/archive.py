from store.orders.repository import OrderRepository


class ArchivedOrderRepository(OrderRepository):
    def save(self, row):
        raise TypeError("the archive is only read")
