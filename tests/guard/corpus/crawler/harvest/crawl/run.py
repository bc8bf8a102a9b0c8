from __future__ import annotations

import asyncio
import sys
import tomllib
from html.parser import HTMLParser
from urllib.parse import urldefrag, urljoin

from harvest.crawl.frontier import Frontier
from harvest.fetch import FetchError
from harvest.fetch.build import FetcherBuilder
from harvest.jobs.boards import BoardFetcher
from harvest.news.grabber import ArticleGrabber


class LinkExtractor(HTMLParser):
    def __init__(self, base: str) -> None:
        super().__init__()
        self.base = base
        self.links: list[str] = []

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag != "a":
            return
        values = dict(attrs)
        if values.get("href") and "nofollow" not in (values.get("rel") or ""):
            self.links.append(urldefrag(urljoin(self.base, values["href"])).url)


async def crawl(start: str, config: dict, depth: int = 3) -> int:
    fetcher = FetcherBuilder(config).build()
    frontier = Frontier()
    frontier.add(start)
    pages = 0
    while (target := frontier.next()) is not None:
        try:
            page = await fetcher.fetch(target.url)
        except FetchError as e:
            print(e, file=sys.stderr)
            continue
        pages += 1
        if target.depth < depth:
            extractor = LinkExtractor(page.url)
            extractor.feed(page.text)
            for link in extractor.links:
                frontier.add(link, depth=target.depth + 1)
    await fetcher.aclose()
    return pages


async def morning(config: dict) -> None:
    grabber = ArticleGrabber(config["news"]["agent"])
    boards = BoardFetcher(config["jobs"]["agent"])
    async for url, html in grabber.grab_many(config["news"]["urls"]):
        print(url, len(html))
    for url in config["jobs"]["urls"]:
        print(url, len(await boards.fetch(url)))


def main() -> None:
    with open(sys.argv[1], "rb") as f:
        config = tomllib.load(f)
    print(asyncio.run(crawl(sys.argv[2], config["fetch"])))
