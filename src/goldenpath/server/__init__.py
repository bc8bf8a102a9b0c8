"""uvicorn for a hostile network: WebSockets on picows, deadlines, limits, a drain."""

from goldenpath.server._limits import Limits
from goldenpath.server._server import Server

__all__ = ["Limits", "Server"]
