from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol, runtime_checkable


@dataclass(frozen=True)
class Table:
    title: str
    columns: Sequence[str]
    rows: Sequence[Sequence[Any]]

    def without(self, *names: str) -> Table:
        keep = [i for i, column in enumerate(self.columns) if column not in names]
        return Table(
            self.title,
            [self.columns[i] for i in keep],
            [[row[i] for i in keep] for row in self.rows],
        )


@dataclass(frozen=True)
class ExportRequest:
    table: Table
    format: str
    user: str
    options: dict[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Download:
    id: str
    name: str
    url: str
    size: int
    expires: dt.datetime


@runtime_checkable
class Exporter(Protocol):
    """What plugins under ``hub.exporters`` have to offer."""

    def export(self, request: ExportRequest) -> Download: ...

    def formats(self) -> list[str]: ...

    def forget(self, download_id: str) -> None: ...


class ExportError(Exception):
    """The export came to nothing; the message is fit for the user."""


class UnknownFormat(ExportError):
    def __init__(self, name: str, known: Sequence[str]) -> None:
        super().__init__(f"no format {name!r} (there are {', '.join(sorted(known))})")


class TooManyRows(ExportError):
    pass
