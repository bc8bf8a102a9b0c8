from pathlib import Path

import httpx


class Downloader:
    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.done: set[str] = set()

    def fetch(self, url: str) -> Path:
        target = self.folder / url.rpartition("/")[2]
        target.write_bytes(httpx.get(url).content)
        self.done.add(url)
        return target

    def copy(self, urls: list[str]) -> list[Path]:
        return [self.fetch(url) for url in urls]

    def delete(self, url: str) -> None:
        self.done.discard(url)
