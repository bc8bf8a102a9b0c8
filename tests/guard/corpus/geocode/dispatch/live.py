"""The live map (2021, asyncio). Orders that come in by phone show up at once."""

import asyncio

import httpx

from lib import config
from lib.db import query


class PlaceFetcher:
    def __init__(self, base=config.NOMINATIM, parallel=8):
        self.client = httpx.AsyncClient(base_url=base, timeout=4)
        self.gate = asyncio.Semaphore(parallel)
        self.known = {}

    async def fetch(self, street, zip_code, town):
        key = (street.lower(), zip_code, town.lower())
        if key not in self.known:
            async with self.gate:
                r = await self.client.get(
                    "/search",
                    params={
                        "format": "jsonv2",
                        "street": street,
                        "postalcode": zip_code,
                        "city": town,
                    },
                )
            r.raise_for_status()
            hits = r.json()
            self.known[key] = (
                (float(hits[0]["lat"]), float(hits[0]["lon"])) if hits else None
            )
        return self.known[key]

    async def fetch_all(self, addresses):
        return await asyncio.gather(*(self.fetch(*a) for a in addresses))

    async def close(self):
        await self.client.aclose()


class TownNamer:
    """The other way round: 'near Offenburg' for the position of a truck."""

    def __init__(self):
        self.towns = list(query("SELECT name, lat, lon FROM town WHERE people > 5000"))

    def near(self, pos):
        name, _, _ = min(
            self.towns, key=lambda t: (t[1] - pos.lat) ** 2 + (t[2] - pos.lon) ** 2
        )
        return "near " + name


async def pins():
    fetcher = PlaceFetcher()
    orders = query("SELECT street, zip, town FROM phoneorder WHERE done = 0")
    try:
        return [p for p in await fetcher.fetch_all(orders) if p]
    finally:
        await fetcher.close()
