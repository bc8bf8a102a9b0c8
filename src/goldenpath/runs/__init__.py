"""Runs: from a message to a finished answer."""

from goldenpath.runs._supervisor import Supervisor
from goldenpath.runs._threads import Threads

__all__ = ["Supervisor", "Threads"]
