import dataclasses


@dataclasses.dataclass(frozen=True)
class StoredFile:
    key: str
    size: int
    kind: str

    @property
    def name(self) -> str:
        return self.key.rpartition("/")[2]
