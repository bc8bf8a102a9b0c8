from dataclasses import dataclass, replace
from decimal import Decimal


@dataclass(frozen=True)
class Payment:
    id: str
    amount: Decimal
    state: str

    def moved_to(self, state: str) -> "Payment":
        return replace(self, state=state)

    @property
    def is_final(self) -> bool:
        return self.state in ("refunded", "void")

    def status(self) -> str:
        return self.state
