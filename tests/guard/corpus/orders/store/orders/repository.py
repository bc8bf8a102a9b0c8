from sqlalchemy import func, select

from store.base import Repository
from store.orders.order import Order


class OrderRepository(Repository[Order]):
    model = Order

    def find_open(self, limit: int = 50) -> list[Order]:
        query = select(Order).where(Order.is_open).limit(limit)
        return list(self.session.scalars(query))

    def find_for_customer(self, customer_id: int) -> list[Order]:
        query = select(Order).where(Order.customer_id == customer_id)
        return list(self.session.scalars(query))

    def count_for_customer(self, customer_id: int) -> int:
        query = select(func.count()).where(Order.customer_id == customer_id)
        return self.session.scalar(query) or 0

    def close_all(self, orders: list[Order]) -> None:
        for order in orders:
            order.close()
            self.save(order)
