from dataclasses import dataclass


@dataclass
class Order:
    id: int
    customer_id: int
    total: int
    is_open: bool = True

    def close(self) -> None:
        self.is_open = False
