"""For tests of what others build on this: contracts, and faults made to order."""

from goldenpath.testing._bus_conformance import BusConformance
from goldenpath.testing._log_conformance import LogConformance
from goldenpath.testing._log_store import LogStore
from goldenpath.testing._lossy_bus import BusFaults, LossyBus

__all__ = ["BusConformance", "BusFaults", "LogConformance", "LogStore", "LossyBus"]
