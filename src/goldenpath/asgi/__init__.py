"""ASGI to protocol and back: the gate, the socket, the HTTP routes."""

from goldenpath.asgi._routes import Routes
from goldenpath.asgi._websocket import Gate

__all__ = ["Gate", "Routes"]
