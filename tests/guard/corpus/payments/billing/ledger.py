from dataclasses import dataclass, field
from decimal import Decimal


@dataclass
class Ledger:
    entries: list[tuple[str, Decimal]] = field(default_factory=list)

    def post(self, account: str, amount: Decimal) -> int:
        self.entries.append((account, amount))
        return len(self.entries) - 1

    def void(self, entry: int) -> None:
        account, amount = self.entries[entry]
        self.entries.append((account, -amount))

    def status(self, account: str) -> Decimal:
        return sum((a for name, a in self.entries if name == account), Decimal(0))
