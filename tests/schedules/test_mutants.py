"""Every guard, removed: the schedules must find that it is gone.

A scenario that passes whatever is taken away proves nothing. Each mutant takes one
guard out of the real code, and has to be found within a few seeds.
"""

import dataclasses

import pytest

from goldenpath._ids import new_id
from goldenpath.client import Client
from goldenpath.connections import Connection, Registry
from goldenpath.connections import _connection as connections
from goldenpath.connections._following import Following, _Followed
from goldenpath.connections._intake import Intake
from goldenpath.errors import GoldenpathError
from goldenpath.logs import SQLiteLog, _entries_table, _runs_table
from goldenpath.protocol import CloseCode
from goldenpath.protocol._codec import encode_frame
from goldenpath.protocol._frames import Ping
from goldenpath.protocol._lifecycle import Lifecycle
from goldenpath.protocol._replay import Replay
from goldenpath.runs._supervisor import Supervisor
from tests.schedules import test_handshake as handshake
from tests.schedules import test_host as host
from tests.schedules import test_reconnect as reconnect
from tests.schedules import test_steady as steady
from tests.schedules.schedules import SEED, run

# In how many schedules.
WITHIN = 200
# What a check raises; anything else is a mistake in the mutant itself.
FOUND = (AssertionError, TimeoutError, GoldenpathError)


def _named(module, start):
    """Return the one test whose name begins like that."""
    (name,) = [name for name in vars(module) if name.startswith(start)]
    return getattr(module, name)


def reads_before_it_subscribes(monkeypatch):
    async def follow(self, log, cursor, *, is_summary=False):
        followed = _Followed(Replay(log, cursor), is_summary=is_summary)
        is_new = log not in self._followed
        self._followed.pop(log, None)
        self._followed[log] = followed
        if self._is_open:
            while followed.has_work and self._followed.get(log) is followed:
                await self._advance(followed)
        self._has_work.set()
        if is_new:
            await self._listen(log)
        return await self._log.may_read(self._user, log)

    monkeypatch.setattr(Following, "follow", follow)


def asks_before_it_subscribes(monkeypatch):
    async def follow(self, log, cursor, *, is_summary=False):
        if not await self._log.may_read(self._user, log):
            return False
        if log not in self._followed:
            await self._listen(log)
        self._followed.pop(log, None)
        self._followed[log] = _Followed(Replay(log, cursor), is_summary=is_summary)
        self._has_work.set()
        return True

    monkeypatch.setattr(Following, "follow", follow)


def has_no_fence(monkeypatch):
    monkeypatch.setattr(_runs_table, "require_token", lambda *_: None)


def deletes_without_comparing(monkeypatch):
    def remove(self, connection):
        self._by_user.pop(connection.user, None)

    monkeypatch.setattr(Registry, "_remove_known", remove)


def knows_no_message_again(monkeypatch):
    usual = SQLiteLog.post

    async def post(self, message, *, now):
        message = dataclasses.replace(message, client_message_id=new_id())
        return await usual(self, message, now=now)

    monkeypatch.setattr(SQLiteLog, "post", post)


def sends_numbers_again(monkeypatch):
    usual = Replay.hint

    def hint(self, hint):
        return usual(self, hint) or (hint.entries if self.is_live else ())

    monkeypatch.setattr(Replay, "hint", hint)


def reads_before_the_welcome(monkeypatch):
    usual = Following.follow

    async def follow(self, *arguments, **fields):
        may_read = await usual(self, *arguments, **fields)
        await self._catch_up()
        return may_read

    monkeypatch.setattr(Following, "follow", follow)


def does_not_look_at_heads(monkeypatch):
    # Server and client both do; either alone would be enough.
    monkeypatch.setattr(Following, "heads", lambda *_: None)
    monkeypatch.setattr(Client, "_compare", _nothing)


async def _nothing(*_):
    pass


def believes_any_cursor(monkeypatch):
    monkeypatch.setattr(_entries_table, "_names_a_place", lambda *_: True)


def lets_everybody_read(monkeypatch):
    async def may_read(self, user, log):
        return True

    monkeypatch.setattr(SQLiteLog, "may_read", may_read)


def revokes_nothing(monkeypatch):
    monkeypatch.setattr(Following, "revoke", lambda *_: None)


def calls_silent_whom_it_did_not_ask(monkeypatch):
    monkeypatch.setattr(Lifecycle, "stood_still", lambda *_: None)


def forgets_a_lease_in_doubt(monkeypatch):
    async def begin(self):
        self._is_in_doubt = False

    monkeypatch.setattr(Supervisor, "_begin_the_lost", begin)


def keeps_any_number_of_early_frames(monkeypatch):
    monkeypatch.setattr(Intake, "_may_wait", lambda *_: True)


def lets_the_last_reason_win(monkeypatch):
    usual = Lifecycle.close

    def close(self, code, *, now):
        self.close_code = code
        return usual(self, code, now=now)

    monkeypatch.setattr(Lifecycle, "close", close)


def waits_for_silent_peers(monkeypatch):
    usual = Lifecycle.tick

    def tick(self, *, now):
        self.heard(now=now)
        return usual(self, now=now)

    monkeypatch.setattr(Lifecycle, "tick", tick)


def sends_pings_past_the_writer(monkeypatch):
    async def ping(self):
        await self._transport.send(encode_frame(Ping(heads={})))

    monkeypatch.setattr(Connection, "_ping", ping)


def waits_for_those_who_swallow_a_cancel(monkeypatch):
    monkeypatch.setattr(connections, "_CLEAN_UP_WITHIN", 10_000.0)


def never_ends_a_session(monkeypatch):
    monkeypatch.setattr(Connection, "_session_deadline", lambda _: None)


def evicts_the_same_device(monkeypatch):
    usual = Registry.add

    def add(self, connection):
        for other in tuple(self._by_user.get(connection.user, {}).values()):
            other.close(CloseCode.TOO_MANY_CONNECTIONS)
        usual(self, connection)

    monkeypatch.setattr(Registry, "add", add)


def fails_with_a_request(monkeypatch):
    def fail(self, frame, error):
        raise error

    monkeypatch.setattr(Connection, "_fail", fail)


def never_rotates(monkeypatch):
    usual = Lifecycle.__init__

    def init(self, **times):
        usual(self, **{**times, "rotate_after": 10_000.0})

    monkeypatch.setattr(Lifecycle, "__init__", init)


def leases_while_it_drains(monkeypatch):
    monkeypatch.setattr(Supervisor, "drain", lambda _: None)


def keeps_the_lost_registered(monkeypatch):
    monkeypatch.setattr(Registry, "_remove_known", lambda *_: None)


MUTANTS = [
    (reads_before_it_subscribes, reconnect, "test_f36_an"),
    (asks_before_it_subscribes, reconnect, "test_f49_a_deleted"),
    (has_no_fence, host, "test_f54"),
    (has_no_fence, host, "test_f80_a_takeover"),
    (deletes_without_comparing, handshake, "test_f13"),
    (knows_no_message_again, reconnect, "test_f39_a_message"),
    (knows_no_message_again, reconnect, "test_f39_f68"),
    (knows_no_message_again, reconnect, "test_f40"),
    (sends_numbers_again, reconnect, "test_f38"),
    (sends_numbers_again, reconnect, "test_f72"),
    (reads_before_the_welcome, handshake, "test_f02"),
    (does_not_look_at_heads, reconnect, "test_f37_what"),
    (does_not_look_at_heads, reconnect, "test_f49_a_deletion"),
    (believes_any_cursor, reconnect, "test_f42"),
    (believes_any_cursor, reconnect, "test_f48"),
    (lets_everybody_read, reconnect, "test_f48"),
    (revokes_nothing, reconnect, "test_f49_a_deleted"),
    (calls_silent_whom_it_did_not_ask, steady, "test_f56"),
    (forgets_a_lease_in_doubt, reconnect, "test_f39_f68"),
    (keeps_any_number_of_early_frames, handshake, "test_f05"),
    (lets_the_last_reason_win, handshake, "test_f03"),
    (waits_for_silent_peers, steady, "test_f16"),
    (sends_pings_past_the_writer, steady, "test_f19"),
    (waits_for_those_who_swallow_a_cancel, steady, "test_f22_what"),
    (never_ends_a_session, steady, "test_f50_a_session"),
    (evicts_the_same_device, handshake, "test_f12"),
    (fails_with_a_request, steady, "test_f20"),
    (never_rotates, host, "test_f57"),
    (leases_while_it_drains, host, "test_f51"),
    (keeps_the_lost_registered, handshake, "test_f04"),
    (keeps_the_lost_registered, steady, "test_f22_a_connection_that"),
]


@pytest.mark.parametrize(
    ("mutant", "scenario"),
    [
        pytest.param(mutant, _named(module, name), id=f"{mutant.__name__}-{name}")
        for mutant, module, name in MUTANTS
    ],
)
def test_a_guard_that_is_gone_is_found(monkeypatch, mutant, scenario):
    mutant(monkeypatch)
    for seed in range(SEED, SEED + WITHIN):
        try:
            run(scenario.scenario, seed, **scenario.fields)
        except FOUND:
            return
    pytest.fail(f"{WITHIN} schedules passed without it")
