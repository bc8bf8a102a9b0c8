"""For tests of what others build on this: contracts, made faults, a checker."""

from goldenpath.testing._bus_conformance import BusConformance
from goldenpath.testing._checker import Evidence, Witness, Write, violations
from goldenpath.testing._inline_database import (
    DatabaseFaults,
    InlineDatabase,
    InlineStore,
)
from goldenpath.testing._log_conformance import LogConformance
from goldenpath.testing._log_store import LogStore
from goldenpath.testing._lossy_bus import BusFaults, LossyBus
from goldenpath.testing._permuting_loop import (
    PermutingLoop,
    Schedule,
    ScheduleError,
    run_schedule,
)
from goldenpath.testing._recording import Recording, read_record
from goldenpath.testing._witness import WitnessClient

__all__ = [
    "BusConformance",
    "BusFaults",
    "DatabaseFaults",
    "Evidence",
    "InlineDatabase",
    "InlineStore",
    "LogConformance",
    "LogStore",
    "LossyBus",
    "PermutingLoop",
    "Recording",
    "Schedule",
    "ScheduleError",
    "Witness",
    "WitnessClient",
    "Write",
    "read_record",
    "run_schedule",
    "violations",
]
