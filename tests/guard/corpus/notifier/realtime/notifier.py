import asyncio
import logging

import aiohttp
import aiosmtplib
from email.message import EmailMessage

log = logging.getLogger("realtime")


class AsyncNotifier:
    """Notifier for the websocket server, where the ORM would block the loop."""

    def __init__(self, pool, session: aiohttp.ClientSession, conf):
        self.pool = pool
        self.session = session
        self.conf = conf

    async def channels_for(self, user_id, event):
        rows = await self.pool.fetch(
            "SELECT channel FROM notifications_channelpreference"
            " WHERE user_id = $1 AND event_group = $2 AND enabled",
            user_id,
            event.split(".")[0],
        )
        return [row["channel"] for row in rows] or ["email"]

    async def notify(self, user_id, event, context=None):
        user = await self.pool.fetchrow(
            "SELECT * FROM accounts_contact WHERE user_id = $1", user_id
        )
        text = self.conf.texts[event].format(**(context or {}))
        jobs = [
            getattr(self, "_" + name)(user, text)
            for name in await self.channels_for(user_id, event)
        ]
        results = await asyncio.gather(*jobs, return_exceptions=True)
        for result in results:
            if isinstance(result, Exception):
                log.warning("notify %s: %r", user_id, result)
        return sum(not isinstance(result, Exception) for result in results)

    async def notify_many(self, user_ids, event, context=None):
        return sum(
            await asyncio.gather(*(self.notify(u, event, context) for u in user_ids))
        )

    async def _email(self, user, text):
        message = EmailMessage()
        message["To"], message["From"], message["Subject"] = (
            user["email"],
            self.conf.sender,
            text[:60],
        )
        message.set_content(text)
        await aiosmtplib.send(message, hostname=self.conf.smtp)

    async def _sms(self, user, text):
        async with self.session.post(
            self.conf.sms_url, json={"to": user["phone"], "text": text}
        ) as response:
            response.raise_for_status()

    async def _push(self, user, text):
        async with self.session.post(
            self.conf.push_url, json={"user": user["user_id"], "body": text}
        ) as response:
            response.raise_for_status()
