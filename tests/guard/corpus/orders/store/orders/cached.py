from store.orders.order import Order
from store.orders.repository import OrderRepository


class CachedOrders:
    def __init__(self, repository: OrderRepository) -> None:
        self._repository = repository
        self._by_id: dict[int, Order] = {}

    def find_by_id(self, key: int) -> Order | None:
        if key not in self._by_id:
            found = self._repository.find_by_id(key)
            if found is None:
                return None
            self._by_id[key] = found
        return self._by_id[key]

    def find_for_customer(self, customer_id: int) -> list[Order]:
        found = self._repository.find_for_customer(customer_id)
        self._by_id.update({order.id: order for order in found})
        return found

    def save(self, row: Order) -> Order:
        self._by_id.pop(row.id, None)
        return self._repository.save(row)

    def delete_by_id(self, key: int) -> None:
        self._by_id.pop(key, None)
        self._repository.delete_by_id(key)
