from collections import Counter

from store.orders.repository import OrderRepository


class OrderStatistics:
    def __init__(self, orders: OrderRepository) -> None:
        self.orders = orders
        self.counts: Counter[int] = Counter()

    def count_for_customer(self, customer_id: int) -> int:
        self.counts[customer_id] = self.orders.count_for_customer(customer_id)
        return self.counts[customer_id]

    def best_customers(self, number: int) -> list[int]:
        return [key for key, _ in self.counts.most_common(number)]

    def total(self) -> int:
        return sum(order.total for order in self.orders.find_open(10_000))
