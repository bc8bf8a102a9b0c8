from __future__ import annotations

import asyncio

from orchard.billing.keys import KeyRing
from orchard.secrets import open_secrets
from orchard.secrets.wrappers import DatabaseUrls
from orchard.settings import RemoteSettings, load


async def serve() -> None:
    settings = load()
    secrets = open_secrets(settings)
    remote = RemoteSettings(settings.config_url)
    keys = KeyRing(settings.vault_url, settings.billing_token)
    try:
        dsn = await DatabaseUrls(secrets).url("main")
        smtp = await secrets.get("mail/smtp", "password")
        from orchard.web import run

        await run(
            dsn=dsn, smtp_password=smtp, remote=remote, stripe=await keys.key("stripe")
        )
    finally:
        await secrets.close()


if __name__ == "__main__":
    asyncio.run(serve())
