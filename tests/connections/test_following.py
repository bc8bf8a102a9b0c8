"""What a connection's follower sends while its reader falls behind."""

import asyncio

import pytest

from goldenpath import Settings
from goldenpath.buses import LocalBus
from goldenpath.connections._following import Following
from goldenpath.logs import NewMessage, SQLiteLog
from goldenpath.protocol import Cursor, Snapshot, decode_server_frame, thread_log
from goldenpath.protocol._frames import Live
from goldenpath.protocol._outbox import Relief
from goldenpath.storage import Database

pytestmark = pytest.mark.anyio


class HeldLog:
    """A real log whose pages wait until they are let go."""

    def __init__(self, log):
        self._log = log
        self.is_reading = asyncio.Event()
        self.may_go_on = asyncio.Event()
        self.has_returned = asyncio.Event()

    def __getattr__(self, name):
        return getattr(self._log, name)

    async def read(self, log, cursor, *, limit):
        page = await self._log.read(log, cursor, limit=limit)
        self.is_reading.set()
        await self.may_go_on.wait()
        # Behind the follower's own step, which takes no other turn of the loop.
        asyncio.get_running_loop().call_soon(self.has_returned.set)
        return page


class Screen:
    """What a follower sent, and the moment when it said that a log is live."""

    def __init__(self):
        self.frames = []
        self.entries = []
        self.is_live = asyncio.Event()

    def put(self, frame):
        self.frames.append(decode_server_frame(frame))
        if isinstance(self.frames[-1], Live):
            self.is_live.set()


@pytest.fixture
async def reading(tmp_path):
    """A follower in the middle of reading a log that holds one entry."""
    async with Database(tmp_path / "a.db") as database:
        log = SQLiteLog(database)
        await log.start()
        message = NewMessage(user="ada", client_message_id="m", text="hi")
        posted = await log.post(message, now=1.0)
        name = thread_log(posted.thread)
        epoch = (await log.heads([name]))[name].epoch
        held, screen = HeldLog(log), Screen()
        following = Following(
            "ada",
            log=held,
            bus=LocalBus(),
            settings=Settings(),
            put=screen.put,
            put_entries=screen.entries.extend,
        )
        start = Cursor(epoch, "", 0)
        await following.follow(name, start)
        following.open()
        running = asyncio.create_task(following.run())
        await held.is_reading.wait()
        yield following, held, screen, name, start
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


async def test_a_page_read_before_its_log_was_dropped_gives_way_to_the_snapshot(
    reading,
):
    """It would stand behind a hole: what came before it was just forgotten."""
    following, held, screen, name, _ = reading
    following.relieve(Relief(dropped=frozenset((name,))))
    held.may_go_on.set()
    async with asyncio.timeout(10):
        await screen.is_live.wait()

    assert screen.entries == []
    assert [type(frame) for frame in screen.frames] == [Snapshot, Live]


async def test_a_page_read_before_its_log_was_summarised_is_sent_when_asked_for(
    reading,
):
    following, held, screen, name, start = reading
    following.relieve(Relief(summarised=frozenset((name,))))
    held.may_go_on.set()
    await held.has_returned.wait()
    sent_before = list(screen.entries)
    following.resume(name, start)
    async with asyncio.timeout(10):
        await screen.is_live.wait()

    assert sent_before == []
    assert [entry.number for entry in screen.entries] == [1]
