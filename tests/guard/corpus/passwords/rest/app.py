import config
from aiohttp import BasicAuth, web

from rest.asyncPasswords import openStore
from rest.apiKeys import ApiKeyTable


@web.middleware
async def whoIsThere(request, handler):
    key = request.headers.get("X-Api-Key")
    if key:
        request["user"] = request.app["keys"].ownerOf(key)
    elif "Authorization" in request.headers:
        auth = BasicAuth.decode(request.headers["Authorization"])
        if await request.app["passwords"].checkPassword(auth.login, auth.password):
            request["user"] = auth.login
    if not request.get("user"):
        raise web.HTTPUnauthorized()
    return await handler(request)


async def makeApp():
    app = web.Application(middlewares=[whoIsThere])
    app["passwords"] = await openStore(config.ACCOUNTS_DB)
    app["keys"] = ApiKeyTable(config.KEYS_DB)
    return app
