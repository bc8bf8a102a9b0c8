"""The database: one writer thread, group commit, migrations."""

from goldenpath.storage._sqlite import Database

__all__ = ["Database"]
