"""A serverless host for tests, and the faults of a network; not part of the product."""

from emulator._faults import (
    Faults,
    Opening,
    Rule,
    Way,
    always,
    seeded,
    websockets_only,
)
from emulator._proxy import FaultProxy

__all__ = [
    "FaultProxy",
    "Faults",
    "Opening",
    "Rule",
    "Way",
    "always",
    "seeded",
    "websockets_only",
]
