from harvest.fetch import FetchError, Page


class CannedFetcher:
    def __init__(self, pages: dict[str, str]) -> None:
        self.pages = pages
        self.asked: list[str] = []

    async def fetch(self, url: str) -> Page:
        self.asked.append(url)
        if url not in self.pages:
            raise FetchError(url, "not canned")
        return Page(url, 200, self.pages[url].encode())

    async def aclose(self) -> None:
        pass


class OfflineFetcher:
    async def fetch(self, url: str) -> Page:
        raise FetchError(url, "offline")

    async def aclose(self) -> None:
        pass
