"""The whole product without a socket, a thread or a clock, and the check at its end.

Only the network, the times and the faults are made up. Instances share one store, as
processes share a file.
"""

import asyncio
import dataclasses
import functools
import logging
import random

from goldenpath import Settings, WebSocketManager
from goldenpath.auth import Credentials
from goldenpath.errors import GoldenpathError
from goldenpath.protocol import CloseCode, Cursor, thread_log, user_log
from goldenpath.protocol._codec import event_frame
from goldenpath.protocol._events import ThreadCreated
from goldenpath.testing import (
    BusFaults,
    DatabaseFaults,
    InlineDatabase,
    InlineStore,
    violations,
)
from tests.schedules import people
from tests.schedules.instance import Instance
from tests.schedules.link import Link
from tests.schedules.phone import Peer, Phone
from tests.schedules.story import wrong_in

NO_FAULTS = BusFaults(**dict.fromkeys(BusFaults.__slots__, 0.0))
# In virtual seconds: what a lost hint, a lost process and a back-off may cost.
SETTLED_WITHIN = 120.0
_ENDS = {"completed", "failed", "cancelled", "interrupted"}


async def talker(message, ctx):
    """Say what a message decides, at its pace."""
    dice = random.Random(message)
    for number in range(dice.randrange(1, 4)):
        if dice.random() < 0.2:
            async with ctx.tool("dig", {"n": number}) as call:
                await asyncio.sleep(dice.uniform(0.0, 0.05))
                call.result = number
        yield f"{number} of {message} "
        if dice.random() < 0.7:
            await asyncio.sleep(dice.choice([0.0, 0.01, 0.1]))


async def terse(message, ctx):
    """Say one word: what is lost of that is not found by what comes after it."""
    yield "yes"


class Errors(logging.Handler):
    """What was logged as an error."""

    def __init__(self):
        super().__init__(logging.ERROR)
        self.records = []

    def emit(self, record):
        self.records.append(self.format(record))


class World:
    """Everything, from a store with people to the check at the end.

    Args:
        seed: Of the network, the buses, the databases and the clients.
        agent: Answers.
        instances: How many processes are started at first.
        bus_faults: Of every instance's bus; none by default.
        database_faults: Of every instance's database; none by default.
        latency: Most seconds between a client and a server, one way.
        lasts: Seconds that sessions last.
        settings: What differs from the defaults.

    Attributes:
        errors_are_meant: Set by a scenario that makes the server log errors.
        only: The instance that all handshakes go to, if a scenario says so.
    """

    def __init__(
        self,
        seed,
        *,
        agent=talker,
        instances=1,
        bus_faults=NO_FAULTS,
        database_faults=None,
        latency=0.01,
        lasts=people.USUAL_SESSION,
        **settings,
    ):
        self.dice = random.Random(f"world {seed}")
        image, _, tokens = people.peopled()
        self._stores = [InlineStore(image)]
        self._tokens = {name: tokens[name].copy() for name in people.NAMES}
        self.settings = dataclasses.replace(Settings(data=people.folder()), **settings)
        self.instances = []
        self.phones = []
        self.links = []
        self.errors_are_meant = False
        self.only = None
        self._latency = latency
        self._lasts = lasts
        self._fields = {"agent": agent, "bus_faults": bus_faults}
        self._database_faults = database_faults or DatabaseFaults()
        self._at_first = instances
        self._errors = Errors()
        # Its own view of the store: of no process, and without faults.
        self._database = InlineDatabase(
            WebSocketManager.database_path(self.settings.data), store=self.store
        )

    @property
    def store(self):
        """What is stored now; a backup that was restored is another one."""
        return self._stores[-1]

    def draw(self):
        return self.dice.getrandbits(32)

    async def __aenter__(self):
        logging.getLogger("goldenpath").addHandler(self._errors)
        path = self._database.path
        path.with_name(path.name + ".incarnation").unlink(missing_ok=True)
        await self._database.open()
        for _ in range(self._at_first):
            await self.add_instance()
        return self

    async def __aexit__(self, *_):
        logging.getLogger("goldenpath").removeHandler(self._errors)
        await self._database.close()
        for store in self._stores:
            store.close()

    # Who takes part.

    def make_instance(self, **fields):
        """Make an instance that is not started."""
        instance = Instance(
            self,
            f"instance-{len(self.instances)}",
            **{"settings": self.settings, **self._fields, **fields},
        )
        self.instances.append(instance)
        return instance

    async def add_instance(self, **fields):
        """Start an instance; its database does nothing wrong before that is done."""
        instance = self.make_instance(**fields)
        await instance.start()
        instance.database.faults = self._database_faults
        return instance

    async def log_in(self, name="ada", *, lasts=None):
        """Return the token of a new session."""
        lasts = lasts or self._lasts
        if lasts == people.USUAL_SESSION:
            return self._tokens[name].pop()
        return await people.log_in(self._database, people.person(name), lasts=lasts)

    @staticmethod
    def bearer(token):
        return Credentials(bearer=token)

    @staticmethod
    def user(name):
        """Return somebody's id."""
        return people.person(name).id

    async def add_phone(self, name="ada", *, token=None, **fields):
        """Return a phone that is not started."""
        phone = Phone(
            self,
            f"{name}'s phone {len(self.phones)}",
            people.person(name).id,
            token or await self.log_in(name),
            **fields,
        )
        self.phones.append(phone)
        return phone

    async def phone(self, name="ada", **fields):
        """Return a phone that was said welcome."""
        phone = await self.add_phone(name, **fields)
        phone.start()
        await phone.wait_live()
        return phone

    async def peer(self, name="ada", *, token=None):
        """Return a peer whose handshake was accepted, and that has said nothing."""
        link = self.link()
        instance = self.route()
        instance.open(link, token or await self.log_in(name))
        await link.server.accepted
        return Peer(link)

    async def restart(self, *, after=1.0, image=None):
        """Stop all instances and start one; with what an image holds, if given."""
        for instance in self.instances:
            await instance.stop()
        self.instances.clear()
        if image is not None:
            self._stores.append(InlineStore(image))
            await self._database.close()
            self._database = InlineDatabase(self._database.path, store=self.store)
            await self._database.open()
        await asyncio.sleep(after)
        await self.add_instance()

    def link(self):
        link = Link(self.dice, latency=self._latency)
        self.links.append(link)
        return link

    def route(self):
        """Return the instance that takes a handshake, if any does."""
        ready = [i for i in self.instances if i.manager.is_ready()]
        if self.only is not None:
            ready = [self.only]
        return self.dice.choice(ready) if ready else None

    # What is stored, looked at from outside.

    def rows(self, query, *values):
        return self.store.connection.execute(query, values).fetchall()

    def runs(self):
        """Return the state of each run, by its id, in the order of their messages."""
        return dict(self.rows("SELECT id, state FROM runs ORDER BY place"))

    def messages(self):
        """Return how many messages are stored."""
        return self.rows("SELECT count(*) FROM idempotency")[0][0]

    def threads(self, user):
        """Return the threads of a user that are there."""
        query = "SELECT id FROM threads WHERE owner = ? AND NOT is_deleted"
        return [thread for (thread,) in self.rows(query, user)]

    async def events(self, log):
        """Return the event frames of a log, oldest first."""
        page = await self.instances[-1].log.tail(log, max_bytes=2**30)
        return [event_frame(entry) for entry in page.entries]

    async def wait_until(self, is_true, *, within=SETTLED_WITHIN):
        """Look again and again, in virtual time."""
        pause = 0.01
        async with asyncio.timeout(within):
            while not is_true():
                await asyncio.sleep(pause)
                pause = min(1.5 * pause, 0.5)

    async def wait_runs_ended(self):
        await self.wait_until(lambda: set(self.runs().values()) <= _ENDS)

    # The end.

    async def finish(self):
        """Let everything come to rest, then check that the promise was kept."""
        asyncio.get_running_loop().thaw_all()
        for instance in self.instances:
            instance.database.faults = DatabaseFaults()
        await self.wait_runs_ended()
        logs = await self._logs()
        for phone in self.phones:
            if phone.stopped is None:
                await self._catch_up(phone, logs)
        await self._check_registered()
        self._gone = [phone for phone in self.phones if phone.stopped is not None]
        for phone in self.phones:
            await phone.stop()
        async with asyncio.timeout(SETTLED_WITHIN):
            for instance in self.instances:
                await instance.wait_served()
        # One whose end was stored and not answered tries once more.
        await self.wait_until(
            lambda: not any(i.supervisor.running for i in self.instances)
        )
        self._check_nothing_is_left()
        for instance in self.instances:
            await instance.stop()
        # What was cancelled and has not had its turn yet is not left behind.
        await asyncio.sleep(0.1)
        self._check(logs)

    async def _logs(self):
        """Return the logs that are there, and note who may read what."""
        logs = {}
        for name in people.NAMES:
            user = people.person(name).id
            mine = user_log(user)
            logs[mine] = await self.events(mine)
            may_read = {mine} | {
                thread_log(frame.event.thread)
                for frame in logs[mine]
                if isinstance(frame.event, ThreadCreated)
            }
            for thread in self.threads(user):
                logs[thread_log(thread)] = await self.events(thread_log(thread))
            for phone in self.phones:
                if phone.user == user:
                    phone.witness.may_read |= may_read
        return logs

    async def _catch_up(self, phone, logs):
        """Have a phone follow all that it may, to the heads."""
        try:
            async with asyncio.timeout(SETTLED_WITHIN):
                await phone.wait_live()
                for thread in self.threads(phone.user):
                    if thread_log(thread) not in phone.replicas:
                        await phone.follow(thread)
                for log in map(thread_log, self.threads(phone.user)):
                    await phone.wait_for(functools.partial(_has, phone, log, logs[log]))
                mine = user_log(phone.user)
                await phone.wait_for(functools.partial(_has, phone, mine, logs[mine]))
        except GoldenpathError:
            # It was told not to come back, and may learn that only now.
            if phone.stopped is None:
                raise

    async def _check_registered(self):
        """See that the registries hold the open connections and no others (I7)."""

        def is_so():
            live = {p.welcome.connection for p in self.phones if p.stopped is None}
            held = [c.id for i in self.instances for c in i.registry]
            return set(held) == live and len(held) == len(live)

        await self.wait_until(is_so)

    def _check_nothing_is_left(self):
        for instance in self.instances:
            assert len(instance.registry) == 0
            assert instance.local_bus._listeners == {}

    def _check(self, logs):
        found = violations([phone.witness for phone in self.phones], logs)
        # Who was told not to come back does not hold what came after that.
        gone = tuple(
            f"I3: {p.witness.name} is at" for p in self.phones if p in self._gone
        )
        assert [what for what in found if not what.startswith(gone)] == []
        assert [wrong for link in self.links for wrong in wrong_in(link.server)] == []
        assert self.errors_are_meant or self._errors.records == []
        codes = {link.server.closed[0] for link in self.links if link.server.closed}
        assert CloseCode.BUG not in codes


def _has(phone, log, events):
    """Tell whether a phone is at the head of a log."""
    replica = phone.replicas.get(log)
    if replica is None or replica.cursor is None:
        return False
    if not events:
        return True
    head = events[-1]
    return replica.cursor == Cursor(head.epoch, head.incarnation, head.number)
