"""Finds where one concept has several implementations, paths or aliases."""

from goldenpath.guard._config import Concept, Configuration, load
from goldenpath.guard._errors import ConfigurationError, GuardError, TreeError
from goldenpath.guard._findings import Evidence, Finding
from goldenpath.guard._scan import Scan, scan

__all__ = [
    "Concept",
    "Configuration",
    "ConfigurationError",
    "Evidence",
    "Finding",
    "GuardError",
    "Scan",
    "TreeError",
    "load",
    "scan",
]
