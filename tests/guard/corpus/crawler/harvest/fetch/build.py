from __future__ import annotations

from dataclasses import replace
from pathlib import Path

from .caching import CachingFetcher
from .ftp import FtpFetcher
from .login import LoginFetcher
from .polite import PoliteFetcher
from .types import Fetcher, FetchPolicy


class FetcherBuilder:
    """Reads the [fetch] table of harvest.toml and makes what it says."""

    def __init__(self, config: dict) -> None:
        self._config = config

    def policy(self) -> FetchPolicy:
        known = FetchPolicy.__dataclass_fields__
        return replace(
            FetchPolicy(), **{k: v for k, v in self._config.items() if k in known}
        )

    def build(self, site: str | None = None) -> Fetcher:
        login = self._config.get("logins", {}).get(site)
        if site and site.startswith("ftp."):
            return FtpFetcher()
        if login:
            return LoginFetcher(login["url"], login["form"], self.policy())
        fetcher: Fetcher = PoliteFetcher(self.policy())
        if "cache" in self._config:
            fetcher = CachingFetcher(fetcher, Path(self._config["cache"]))
        return fetcher
