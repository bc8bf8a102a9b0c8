import aiohttp
import asyncpg

from realtime.notifier import AsyncNotifier


async def on_chat_message(app, message):
    online = app["sockets"].keys()
    absent = [user_id for user_id in message["to"] if user_id not in online]
    await app["notifier"].notify_many(
        absent, "chat.message", {"sender": message["from"]}
    )


async def startup(app):
    app["pool"] = await asyncpg.create_pool(app["conf"].dsn)
    app["notifier"] = AsyncNotifier(app["pool"], aiohttp.ClientSession(), app["conf"])
