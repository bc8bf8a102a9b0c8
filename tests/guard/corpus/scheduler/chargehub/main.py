from __future__ import annotations

import asyncio
import os
from datetime import time, timedelta

from redis.asyncio import Redis

from chargehub.legacy_cron import CronThread
from chargehub.ocpp.delayed import DelayedCommands
from chargehub.partner_api.jobs import CelerySignature, PartnerJobs
from chargehub.timing.build import SchedulerProvider
from chargehub.timing.triggers import Every, daily
from chargehub.util.aio import PeriodicTasks

tasks = PeriodicTasks()


@tasks.every(minutes=10)
async def refresh_prices() -> None:
    print("prices")


async def pull(partner: str) -> None:
    print("pull", partner)


def vacuum() -> None:
    os.system("vacuumdb chargehub")


async def main() -> None:
    provider = SchedulerProvider(os.environ["DSN"], os.environ["REGION"], jitter=True)
    scheduler = await provider.make()
    await scheduler.start()
    await scheduler.add(
        "poll", Every(timedelta(minutes=2)), "chargehub.ocpp.handlers:poll_all"
    )
    await scheduler.add(
        "price-day", daily(time(13, 5)), "chargehub.main:refresh_prices"
    )

    delayed = DelayedCommands(Redis())
    await delayed.schedule_in(30, "Reset", station="NO-1", hard=False)

    partners = PartnerJobs()
    partners.add_pull("hubject", pull, {"hour": "*/6"})
    partners.start()

    await CelerySignature(scheduler, "chargehub.main:pull").apply_async(
        {"partner": "gireve"}, countdown=90
    )

    cron = CronThread()
    cron.at("03:30", vacuum)
    cron.start()

    await tasks.start()
    await delayed.poll()


if __name__ == "__main__":
    asyncio.run(main())
