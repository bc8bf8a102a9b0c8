"""What a connection's follower sends while its reader falls behind."""

import asyncio

import pytest

from goldenpath import Settings
from goldenpath.buses import LocalBus
from goldenpath.connections._following import Following
from goldenpath.errors import BusError
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


class WeakBus(LocalBus):
    """Is away while it is told to be: it says so, or it says nothing."""

    def __init__(self):
        super().__init__()
        self.is_down = False
        self.is_there = asyncio.Event()
        self.is_there.set()
        self.asked = []

    async def subscribe(self, log, heard):
        self.asked.append(log)
        await super().subscribe(log, heard)
        # The worst moment to hang: it is done, and nobody was told.
        await self.is_there.wait()
        if self.is_down:
            self.unsubscribe(log, heard)
            raise BusError("away")


@pytest.fixture
async def weak(tmp_path):
    """A follower of three logs, a bus that can be away, and what came out."""
    async with Database(tmp_path / "a.db") as database:
        log = SQLiteLog(database)
        await log.start()
        names = []
        for number in range(3):
            message = NewMessage(user="ada", client_message_id=f"m{number}", text="hi")
            names.append(thread_log((await log.post(message, now=1.0)).thread))
        bus, screen = WeakBus(), Screen()
        following = Following(
            "ada",
            log=log,
            bus=bus,
            settings=Settings(poll_every=0.02),
            put=screen.put,
            put_entries=screen.entries.extend,
        )
        following.open()
        running = asyncio.create_task(following.run())
        yield following, bus, names, screen, log
        running.cancel()
        await asyncio.gather(running, return_exceptions=True)


@pytest.mark.parametrize("hangs", [False, True])
async def test_f11_logs_that_are_not_heard_of_are_polled_until_they_are(weak, hangs):
    """A bus that hangs is no better than one that says that it is down."""
    following, bus, names, screen, log = weak
    bus.is_down = not hangs
    if hangs:
        bus.is_there.clear()
    async with asyncio.timeout(20):
        for name in names:
            assert await following.follow(name, None)
        assert following._unheard == set(names)
        while sum(isinstance(frame, Live) for frame in screen.frames) < 3:  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        thread = names[2].removeprefix("thread:")
        message = NewMessage(
            user="ada", client_message_id="late", text="late", thread=thread
        )
        await log.post(message, now=2.0)  # and nobody publishes it
        while not any(entry.log == names[2] for entry in screen.entries):  # noqa: ASYNC110
            await asyncio.sleep(0.005)
        bus.is_down = False
        bus.is_there.set()
        while following._unheard:  # noqa: ASYNC110
            await asyncio.sleep(0.005)

    assert set(bus._listeners) == set(names)
    assert following._poll_at is None


async def test_f11_a_log_that_is_followed_during_a_poll_is_asked_for_too(weak):
    """The poll that is under way does not know of it."""
    following, bus, names, _, _ = weak
    bus.is_down = True
    async with asyncio.timeout(20):
        await following.follow(names[0], None)
        bus.is_down = False
        bus.is_there.clear()
        asked = len(bus.asked)
        while len(bus.asked) == asked:  # noqa: ASYNC110
            await asyncio.sleep(0.001)
        await following.follow(names[1], None)
        bus.is_there.set()
        while following._unheard:  # noqa: ASYNC110
            await asyncio.sleep(0.005)

    assert set(bus._listeners) == set(names[:2])
