from store.customers import CustomerRepository
from store.orders.repository import OrderRepository


class UnitOfWork:
    def __init__(self, sessions) -> None:
        self.sessions = sessions

    def __enter__(self):
        self.session = self.sessions()
        self.orders = OrderRepository(self.session)
        self.customers = CustomerRepository(self.session)
        return self

    def __exit__(self, kind, value, trace):
        self.session.rollback()

    def save(self, row):
        self.session.add(row)

    def commit(self):
        self.session.commit()
