from abc import ABC, abstractmethod
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Snapshot:
    id: str
    source: str
    taken_at: float
    files: dict = field(default_factory=dict, compare=False)  # path -> [chunk digest]
    size: int = 0


class BackupEngine(ABC):
    """Contract of everything that the scheduler and the command line can drive."""

    @abstractmethod
    def create(self, source):
        """Back up *source*; return a Snapshot."""

    @abstractmethod
    def restore(self, snapshot_id, target):
        """Put the snapshot's content back under *target*."""

    @abstractmethod
    def snapshots(self, source=None):
        """All snapshots, newest first."""

    @abstractmethod
    def prune(self):
        """Delete what need not be kept; return how many."""
