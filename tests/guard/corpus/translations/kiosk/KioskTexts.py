"""Self check-in machines. They run asyncio and have only Redis and http at hand, no text files."""

import aiohttp
import redis.asyncio as redis


class KioskTexts:
    """Texts for the kiosk's screen, from the text export on the web, kept in the local Redis."""

    def __init__(self, exportUrl, redisUrl="redis://localhost"):
        self.exportUrl = exportUrl
        self.redis = redis.from_url(redisUrl, decode_responses=True)

    async def getText(self, key, lang, **params):
        text = await self.redis.hget("texts:" + lang, key)
        if text is None and not await self.redis.exists("texts:" + lang):
            await self.fetch(lang)
            text = await self.redis.hget("texts:" + lang, key)
        if text is None and lang != "en":
            return await self.getText(key, "en", **params)
        return (text or key).format(**params)

    async def getPlural(self, key, lang, count, **params):
        form = "one" if count == 1 else "many"
        return await self.getText(key + "." + form, lang, count=count, **params)

    async def fetch(self, lang):
        async with aiohttp.ClientSession() as session:
            async with session.get("%s/%s.json" % (self.exportUrl, lang)) as answer:
                texts = await answer.json()
        async with self.redis.pipeline() as pipe:
            pipe.delete("texts:" + lang)
            pipe.hset("texts:" + lang, mapping=texts)
            pipe.expire("texts:" + lang, 86400)
            await pipe.execute()

    async def reload(self):
        for lang in ("de", "en", "fr"):
            await self.fetch(lang)
