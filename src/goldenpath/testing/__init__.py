"""For tests of what others build on this: contracts, made faults, a checker."""

from goldenpath.testing._bus_conformance import BusConformance
from goldenpath.testing._checker import Witness, violations
from goldenpath.testing._log_conformance import LogConformance
from goldenpath.testing._log_store import LogStore
from goldenpath.testing._lossy_bus import BusFaults, LossyBus
from goldenpath.testing._witness import WitnessClient

__all__ = [
    "BusConformance",
    "BusFaults",
    "LogConformance",
    "LogStore",
    "LossyBus",
    "Witness",
    "WitnessClient",
    "violations",
]
