from typing import Protocol, runtime_checkable

from toggles.flag import Flag


@runtime_checkable
class Flags(Protocol):
    def is_enabled(self, name: str, user: str) -> bool: ...

    def variant_for(self, name: str, user: str) -> str: ...

    def all_flags(self) -> list[Flag]: ...
