"""A serverless host for tests, and the faults of a network; not part of the product."""

from emulator._emulator import Emulator
from emulator._faults import (
    Faults,
    Opening,
    Rule,
    Way,
    always,
    seeded,
    websockets_only,
)
from emulator._instance import Instance
from emulator._proxy import FaultProxy
from emulator._settings import Platform

__all__ = [
    "Emulator",
    "FaultProxy",
    "Faults",
    "Instance",
    "Opening",
    "Platform",
    "Rule",
    "Way",
    "always",
    "seeded",
    "websockets_only",
]
