import json

import aiohttp
from aiohttp import web


class AsyncCurrencyConverter:
    def __init__(self, redis, ratesUrl):
        self.redis = redis
        self.ratesUrl = ratesUrl

    async def convert(self, amount, fromCurrency, toCurrency):
        if fromCurrency == toCurrency:
            return amount
        rates = await self.loadRates()
        return round(amount * rates[toCurrency] / rates[fromCurrency], 2)

    async def getRate(self, fromCurrency, toCurrency):
        rates = await self.loadRates()
        return rates[toCurrency] / rates[fromCurrency]

    async def supports(self, currency):
        return currency in await self.loadRates()

    async def loadRates(self):
        cached = await self.redis.get("rates")
        if cached:
            return json.loads(cached)
        async with aiohttp.ClientSession() as session:
            async with session.get(self.ratesUrl) as answer:
                rates = (await answer.json())["rates"]
        rates["EUR"] = 1.0
        await self.redis.set("rates", json.dumps(rates), ex=3600)
        return rates


async def handleConvert(request):
    converter = request.app["converter"]
    q = request.query
    value = await converter.convert(float(q["amount"]), q["from"], q["to"])
    return web.json_response({"amount": value, "currency": q["to"]})
