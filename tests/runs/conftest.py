"""A supervisor over a real log, without connections."""

import asyncio
import dataclasses
import logging

import pytest

from goldenpath._settings import Settings
from goldenpath.buses._local import LocalBus
from goldenpath.logs._sqlite import SQLiteLog
from goldenpath.protocol._cursor import thread_log
from goldenpath.protocol._frames import Person
from goldenpath.protocol._order import RunOrder
from goldenpath.protocol._transcript import Transcript
from goldenpath.runs._supervisor import Supervisor
from goldenpath.runs._threads import Threads
from goldenpath.storage._sqlite import Database


class House:
    def __init__(self, database, settings, agent, log=None):
        self.database = database
        self.settings = settings
        self.log = log or SQLiteLog(database)
        self.bus = LocalBus()
        self.supervisor = Supervisor(
            log=self.log, bus=self.bus, agent=agent, settings=settings, who=self.who
        )
        self.threads = Threads(
            log=self.log,
            bus=self.bus,
            supervisor=self.supervisor,
            settings=settings,
        )
        self._messages = 0

    async def who(self, user):
        return Person(id=user, name=user.title())

    async def post(self, text="go", thread=None):
        self._messages += 1
        return await self.threads.post(
            "ada",
            text,
            client_message_id=f"{id(self)}-{self._messages}",
            thread=thread,
        )

    async def events(self, posted):
        """Return a run's events, after checking their order."""
        page = await self.log.tail(thread_log(posted.thread), max_bytes=2**30)
        events = [entry.event for entry in page.entries if entry.run == posted.run]
        order = RunOrder()
        for event in events:
            order = order.after(event)
        return events

    async def transcript(self, thread):
        page = await self.log.tail(thread_log(thread), max_bytes=2**30)
        transcript = Transcript()
        for entry in page.entries:
            transcript.add(entry.event, number=entry.number, time=0.0, run=entry.run)
        return transcript

    async def until(self, is_true):
        async with asyncio.timeout(10):
            while not await is_true():  # noqa: ASYNC110 - nothing tells
                await asyncio.sleep(0.002)

    async def until_said(self, posted, kind):
        async def is_said():
            return any(isinstance(event, kind) for event in await self.events(posted))

        await self.until(is_said)
        return [e for e in await self.events(posted) if isinstance(e, kind)][-1]

    async def ended(self, posted):
        """Wait for a run's end and return its last event."""

        async def state():
            transcript = await self.transcript(posted.thread)
            return transcript.state_of(posted.run) not in (None, "running")

        await self.until(state)
        return (await self.events(posted))[-1]

    async def run(self, text="go"):
        return await self.ended(await self.post(text))


@pytest.fixture
async def make_house(tmp_path, caplog):
    houses = []

    async def make(agent, *, starts=True, log=None, **changes):
        settings = dataclasses.replace(
            Settings(data=tmp_path, cancel_within=0.1), **changes
        )
        database = Database(tmp_path / "house.db")
        await database.open()
        house = House(database, settings, agent)
        if log is not None:
            house = House(database, settings, agent, log(house.log))
        await house.log.start()
        if starts:
            await house.supervisor.start()
        houses.append(house)
        return house

    make.errors_are_meant = False
    yield make
    for house in houses:
        await house.supervisor.stop()
        assert house.supervisor.running == 0
        await house.database.close()
    errors = [r for r in caplog.get_records("call") if r.levelno >= logging.ERROR]
    assert make.errors_are_meant or not errors
