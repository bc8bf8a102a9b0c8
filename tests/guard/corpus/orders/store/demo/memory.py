from store.orders.order import Order


class InMemoryOrderRepository:
    def __init__(self) -> None:
        self._orders: dict[int, Order] = {}

    def find_by_id(self, key: int) -> Order | None:
        return self._orders.get(key)

    def find_open(self, limit: int = 50) -> list[Order]:
        return [order for order in self._orders.values() if order.is_open][:limit]

    def find_for_customer(self, customer_id: int) -> list[Order]:
        return [o for o in self._orders.values() if o.customer_id == customer_id]

    def save(self, row: Order) -> Order:
        self._orders[row.id] = row
        return row
