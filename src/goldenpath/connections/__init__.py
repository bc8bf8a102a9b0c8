"""The connections: one task group each, and the registry of those that are open."""

from goldenpath.connections._connection import Connection
from goldenpath.connections._registry import Registry
from goldenpath.connections._transport import PeerLostError, Transport

__all__ = ["Connection", "PeerLostError", "Registry", "Transport"]
