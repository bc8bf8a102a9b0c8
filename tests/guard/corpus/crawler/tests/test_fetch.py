import pytest

from harvest.fetch import FetchError, Fetcher, FetchPolicy, PoliteFetcher, RobotsDenied
from harvest.fetch.caching import CachingFetcher
from harvest.utils.slowget import SlowGet
from tests.doubles import CannedFetcher, OfflineFetcher


@pytest.mark.asyncio
async def test_robots(aiohttp_server, forbidding_app):
    server = await aiohttp_server(forbidding_app)
    async with PoliteFetcher(FetchPolicy(delay=0)) as fetcher:
        with pytest.raises(RobotsDenied):
            await fetcher.fetch(str(server.make_url("/private")))


@pytest.mark.asyncio
async def test_cache(tmp_path):
    canned = CannedFetcher({"http://a/": "hello"})
    cached = CachingFetcher(canned, tmp_path)
    assert (await cached.fetch("http://a/")).text == (
        await cached.fetch("http://a/")
    ).text
    assert canned.asked == ["http://a/"]


@pytest.mark.asyncio
async def test_offline():
    assert isinstance(OfflineFetcher(), Fetcher)
    with pytest.raises(FetchError):
        await OfflineFetcher().fetch("http://a/")


def test_slowget_waits(httpserver, monkeypatch):
    slept = []
    monkeypatch.setattr("time.sleep", slept.append)
    get = SlowGet(seconds=9)
    get(httpserver.url)
    get(httpserver.url)
    assert slept
