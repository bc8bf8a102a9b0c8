from .errors import FetchError, RobotsDenied
from .polite import PoliteFetcher
from .types import Fetcher, FetchPolicy, Page

__all__ = [
    "FetchError",
    "FetchPolicy",
    "Fetcher",
    "Page",
    "PoliteFetcher",
    "RobotsDenied",
]
