from sqlalchemy import select
from sqlalchemy.orm import Session

from store.orders.order import Order


class ShipmentQueries:
    """What shipping needs of orders."""

    def __init__(self, session: Session) -> None:
        self.session = session

    def open_orders(self, limit: int = 10) -> list[Order]:
        return list(self.session.scalars(select(Order).where(Order.is_open)))

    def find_by_id(self, key: int) -> Order | None:
        return self.session.get(Order, key)

    def find_for_customer(self, customer_id: int) -> list[Order]:
        query = select(Order).where(Order.customer_id == customer_id)
        return list(self.session.scalars(query))

    def close_all(self, orders: list[Order]) -> None:
        for order in orders:
            order.close()
            self.session.add(order)
        self.session.flush()

    def save(self, order: Order) -> None:
        self.session.add(order)
        self.session.flush()
