from __future__ import annotations

from urllib.parse import urlsplit

import aioftp

from .errors import FetchError
from .types import Page


class FtpFetcher:
    """Some ministries still publish their gazettes by FTP."""

    def __init__(
        self, user: str = "anonymous", password: str = "bot@harvest.example"
    ) -> None:
        self._user = user
        self._password = password

    async def fetch(self, url: str) -> Page:
        parts = urlsplit(url)
        if parts.scheme != "ftp":
            raise FetchError(url, "not an ftp address")
        async with aioftp.Client.context(
            parts.hostname, user=self._user, password=self._password
        ) as client:
            async with client.download_stream(parts.path) as stream:
                body = await stream.read()
        return Page(url, 200, body)

    async def aclose(self) -> None:
        return None
