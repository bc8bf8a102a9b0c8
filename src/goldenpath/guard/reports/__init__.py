"""A scan, written for people and for programs."""

from goldenpath.guard.reports._formats import FORMATS, write

__all__ = ["FORMATS", "write"]
