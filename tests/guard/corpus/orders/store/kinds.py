import abc

from store.orders.order import Order


class OrderStore(abc.ABC):
    @abc.abstractmethod
    def find_by_id(self, key: int) -> Order | None: ...

    @abc.abstractmethod
    def find_open(self, limit: int = 50) -> list[Order]: ...

    @abc.abstractmethod
    def save(self, row: Order) -> Order: ...

    def first_open(self) -> Order | None:
        return next(iter(self.find_open(1)), None)
