from decimal import Decimal
from typing import Protocol


class TakesPayments(Protocol):
    def authorize(self, card: str, amount: Decimal): ...

    def capture(self, payment_id: str): ...

    def refund(self, payment_id: str, amount: Decimal): ...

    def net(self, amount: Decimal, fee: Decimal) -> Decimal:
        return amount - fee
