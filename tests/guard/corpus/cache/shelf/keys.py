import dataclasses
import hashlib


@dataclasses.dataclass(frozen=True)
class CacheKey:
    space: str
    parts: tuple[str, ...]

    def __str__(self) -> str:
        joined = "/".join(self.parts)
        return f"{self.space}:{hashlib.sha256(joined.encode()).hexdigest()}"

    @property
    def tag(self) -> str:
        return self.space
