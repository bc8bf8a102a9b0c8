"""The buses: hints that a log has moved."""

from goldenpath.buses._base import Bus, Heard
from goldenpath.buses._local import LocalBus

__all__ = ["Bus", "Heard", "LocalBus"]
