import dataclasses
import time


@dataclasses.dataclass
class Session:
    key: str
    user: str
    until: float
    data: dict = dataclasses.field(default_factory=dict)

    def renew(self, seconds: float) -> None:
        self.until = time.time() + seconds

    def is_over(self) -> bool:
        return self.until < time.time()
