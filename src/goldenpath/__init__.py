"""One WebSocket manager that makes an AI chat product's golden path hold."""

from goldenpath._manager import WebSocketManager
from goldenpath._settings import Settings
from goldenpath.agents._base import Agent, RunContext
from goldenpath.protocol._events import Event

__all__ = ["Agent", "Event", "RunContext", "Settings", "WebSocketManager"]
