"""S24 to S26: what a login tells, what it costs, and how often it may be tried."""

import asyncio
import contextlib
import itertools
import sqlite3
import threading

import argon2
import pytest

from goldenpath import Settings, WebSocketManager
from goldenpath.auth import PasswordAuthenticator, Passwords, Users
from goldenpath.storage import Database
from tests.asgi.conftest import CHEAP, Site, add_users, echo

pytestmark = pytest.mark.anyio

RIGHT = "correct horse"
HOME, THIEF = "203.0.113.1", "198.51.100.7"


class WatchedHasher(argon2.PasswordHasher):
    """Somebody else's class: it does its work and notes how often, and where."""

    def __init__(self):
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.compared = 0
        self.at_once = 0
        self.most_at_once = 0
        self.threads = set()
        self.may_finish = threading.Event()
        self.may_finish.set()
        self._lock = threading.Lock()

    def verify(self, hash, password):  # noqa: A002
        with self._lock:
            self.compared += 1
            self.at_once += 1
            self.most_at_once = max(self.most_at_once, self.at_once)
            self.threads.add(threading.get_ident())
        self.may_finish.wait(60)
        with self._lock:
            self.at_once -= 1
        return super().verify(hash, password)


@pytest.fixture
def hasher():
    return WatchedHasher()


@pytest.fixture
async def make_watched(tmp_path, hasher):
    """Start sites whose comparisons are counted."""
    async with contextlib.AsyncExitStack() as stack:

        async def make(**changes):
            await add_users(tmp_path, "ada", "bob")
            # A slow machine gives no attempt back.
            changes = {"login_refill_every": 3600.0} | changes
            settings = Settings(data=tmp_path, **changes)
            path = WebSocketManager.database_path(tmp_path)
            database = await stack.enter_async_context(Database(path))
            manager = WebSocketManager(
                agent=echo,
                settings=settings,
                authenticator=PasswordAuthenticator(
                    database, settings, passwords=Passwords(hasher)
                ),
            )
            await stack.enter_async_context(manager)
            made = Site(manager, manager.asgi())
            made.database = database
            return made

        yield make


async def log_in(site, name="ada", password=RIGHT, address=HOME, **headers):
    async with site.browser(address=address, **headers) as browser:
        return await browser.post("/login", json={"name": name, "password": password})


async def guess(site, times, name="ada", address=THIEF, **headers):
    """Return how often a wrong password was looked at."""
    statuses = [
        (await log_in(site, name, f"wrong {n}", address, **headers)).status_code
        for n in range(times)
    ]
    assert set(statuses) <= {401, 429}
    return statuses.count(401)


# S24: what it tells.


async def test_s24_no_refusal_tells_which_names_exist(make_watched, hasher):
    """Same status, words, headers and work; the work is what takes the time."""
    site = await make_watched(login_attempts=1000)
    users = Users(site.database, Passwords(CHEAP))
    await users.disable("bob")
    seen = set()
    for name, password in (
        ("ada", "wrong"),
        ("ADA", "wrong"),
        ("nobody", "wrong"),
        ("nobody", RIGHT),
        ("bob", "wrong"),
        ("bob", RIGHT),
        ("", "wrong"),
        ("in\u200bvalid", "wrong"),
        ("' OR 1=1 --", "wrong"),
        ("x" * 256, "wrong"),
    ):
        before = hasher.compared
        response = await log_in(site, name, password)
        seen.add(
            (
                response.status_code,
                response.text,
                str(sorted(response.headers.items())),
                hasher.compared - before,
            )
        )

    assert len(seen) == 1
    status, text, headers, compared = seen.pop()
    assert status == 401
    assert "the name or the password is wrong" in text
    assert "set-cookie" not in headers
    assert compared == 1


async def test_s24_an_unknown_name_has_to_wait_like_a_known_one(make_watched, hasher):
    """Otherwise the limit would tell."""
    site = await make_watched(login_attempts=3)
    answers = []
    for name in ("ada", "nobody"):
        responses = [await log_in(site, name, "wrong") for _ in range(5)]
        answers.append([(r.status_code, r.text) for r in responses])

    assert answers[0] == answers[1]
    assert [status for status, _ in answers[0]] == [401, 401, 401, 429, 429]
    assert hasher.compared == 6


async def test_s24_nobodys_hash_costs_what_a_users_hash_costs(make_site):
    """The one that is compared with has the parameters that hashes have today."""
    site = await make_site()
    passwords = site.manager._authenticator._passwords
    real = argon2.extract_parameters(await passwords.hash("x"))

    assert argon2.extract_parameters(passwords._nobodys) == real


# S25: what it costs.


def stored_hash(data, name):
    path = WebSocketManager.database_path(data)
    with contextlib.closing(sqlite3.connect(path)) as database:
        (encoded,) = database.execute(
            "SELECT password_hash FROM users WHERE name = ?", (name,)
        ).fetchone()
    return argon2.extract_parameters(encoded)


async def test_s25_a_weak_hash_is_made_strong_by_the_next_login(make_site, tmp_path):
    """OWASP's minimum for Argon2id is 19 MiB, two passes, one lane."""
    site = await make_site()
    before = stored_hash(tmp_path, "ada")
    wrong = await log_in(site, password="wrong")
    unchanged = stored_hash(tmp_path, "ada")
    right = await log_in(site)
    after = stored_hash(tmp_path, "ada")

    assert (wrong.status_code, right.status_code) == (401, 200)
    assert before == unchanged
    assert before.memory_cost < 19 * 1024
    assert after.type is argon2.Type.ID
    assert after.memory_cost >= 19 * 1024
    assert after.time_cost >= 2
    assert after.parallelism >= 1
    assert after.hash_len >= 32
    assert after.salt_len >= 16
    assert stored_hash(tmp_path, "bob") == before
    assert (await log_in(site)).status_code == 200


async def test_s25_logins_take_two_threads_and_never_the_event_loop(
    make_watched, hasher
):
    """A flood of them leaves the server answering everybody else."""
    site = await make_watched(login_attempts=1000)
    hasher.may_finish.clear()
    logins = [asyncio.create_task(log_in(site, password="wrong")) for _ in range(30)]
    while hasher.at_once < 2:  # noqa: ASYNC110 - a thread tells nobody
        await asyncio.sleep(0.001)
    async with site.browser() as browser:
        answers = [(await browser.get("/livez")).status_code for _ in range(20)]
    hasher.may_finish.set()
    statuses = {response.status_code for response in await asyncio.gather(*logins)}

    assert answers == [200] * 20
    assert hasher.most_at_once == 2
    assert threading.get_ident() not in hasher.threads
    assert statuses == {401}


async def test_s25_a_longer_queue_of_logins_is_sent_away(make_watched, hasher):
    """Each that waits holds a request; after the flood everybody gets in again."""
    site = await make_watched(login_attempts=1000)
    hasher.may_finish.clear()
    logins = [asyncio.create_task(log_in(site, password="wrong")) for _ in range(100)]
    # Two are under way and 64 wait; none of those can be among the first to end.
    first = itertools.islice(asyncio.as_completed(logins), 100 - 66)
    sent_away = {(await login).status_code for login in first}
    hasher.may_finish.set()
    statuses = [response.status_code for response in await asyncio.gather(*logins)]

    assert sent_away == {429}
    assert statuses.count(401) == 2 + 64
    assert (await log_in(site)).status_code == 200


# S26: how often.


async def test_s26_guessing_is_slow_for_the_guesser_and_for_nobody_else(make_watched):
    """Who is guessed at logs in from home as if nothing had happened."""
    site = await make_watched()
    guesses = await guess(site, 50)
    refused = await log_in(site, address=THIEF)
    owner = await log_in(site, address=HOME)

    assert guesses == 5
    assert refused.status_code == 429
    assert refused.json()["error"]["code"] == "rate_limited"
    assert refused.json()["error"]["retryable"] is True
    assert 0 < int(refused.headers["retry-after"]) <= 3600
    assert owner.status_code == 200


async def test_s26_no_number_of_addresses_locks_a_victim_out(make_watched):
    """There is no lock on a name, only on a name from somewhere."""
    site = await make_watched(login_attempts=2)
    guesses = [await guess(site, 3, address=f"198.51.100.{n}") for n in range(1, 100)]
    owner = await log_in(site, address=HOME)

    assert guesses == [2] * 99
    assert owner.status_code == 200


async def test_s26_one_guess_at_each_of_many_names_is_slow_as_well(make_watched):
    """Stuffing: the address pays, whatever names it tries."""
    site = await make_watched()
    guesses = [await guess(site, 1, name=f"user{n}") for n in range(100)]

    assert sum(guesses) == 20
    assert (await log_in(site, "bob", address=HOME)).status_code == 200


async def test_s26_an_own_account_buys_no_guesses_at_others(make_watched):
    """Logging in as oneself in between refills nothing."""
    site = await make_watched()
    guesses = 0
    for n in range(60):
        await log_in(site, "bob", address=THIEF)
        guesses += await guess(site, 1, name=f"user{n}")

    assert guesses == 20


async def test_s26_an_ipv6_network_is_one_address(make_watched):
    """A customer has 2**64 of them, and would have as many attempts."""
    site = await make_watched()
    inside = [await guess(site, 1, address=f"2001:db8:0:1::{n:x}") for n in range(40)]
    beside = await guess(site, 1, address="2001:db8:0:2::1")

    assert sum(inside) == 5
    assert beside == 1


async def test_s26_a_hundred_guesses_at_once_are_a_hundred_guesses(
    make_watched, hasher
):
    """Counting them afterwards would let them all pass."""
    site = await make_watched()
    responses = await asyncio.gather(
        *(log_in(site, password=f"wrong {n}", address=THIEF) for n in range(100))
    )

    assert [r.status_code for r in responses].count(401) == 5
    assert hasher.compared == 5


async def test_s26_the_audit_log_tells_what_is_going_on(make_watched, caplog):
    """Whom and from where, but never what was typed."""
    caplog.set_level("INFO", "goldenpath.audit")
    site = await make_watched(login_attempts=2)
    user = (await log_in(site)).json()["user"]["id"]
    for name in ("ada", "hunter2", "ada", "ada"):
        await log_in(site, name, "secret guess", THIEF)
    lines = [record.getMessage() for record in caplog.records]

    assert lines[0].startswith('login {"user":"' + user)
    assert lines[1:] == [
        f'login_refused {{"user":"{user}","address":"{THIEF}"}}',
        f'login_refused {{"address":"{THIEF}"}}',
        f'login_refused {{"user":"{user}","address":"{THIEF}"}}',
        f'login_limited {{"address":"{THIEF}"}}',
    ]
    assert [r.levelname for r in caplog.records] == ["INFO"] + ["WARNING"] * 4
