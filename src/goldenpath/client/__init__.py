"""The Python client: log in, connect, resume, and hold what was sent."""

from goldenpath.client._client import Client
from goldenpath.client._http import HTTPClient

__all__ = ["Client", "HTTPClient"]
