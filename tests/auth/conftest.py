"""A real database, cheap hashes and a clock that is set by hand."""

import argon2
import pytest

from goldenpath._settings import Settings
from goldenpath.auth._password_login import PasswordAuthenticator
from goldenpath.auth._passwords import Passwords
from goldenpath.auth._sessions import Sessions
from goldenpath.auth._tickets import Tickets
from goldenpath.auth._users import Users
from goldenpath.storage._sqlite import Database

START = 1_700_000_000.0


class Clock:
    def __init__(self):
        self.now = START

    def __call__(self):
        return self.now


class WatchedHasher(argon2.PasswordHasher):
    """Somebody else's class: it does its work and notes for which hash."""

    def __init__(self, time_cost=1):
        super().__init__(time_cost=time_cost, memory_cost=8, parallelism=1)
        self.compared = []

    def verify(self, hash, password):  # noqa: A002
        self.compared.append(hash)
        return super().verify(hash, password)


@pytest.fixture
async def database(tmp_path):
    async with Database(tmp_path / "auth.sqlite3") as database:
        yield database


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def hasher():
    return WatchedHasher()


@pytest.fixture
def stronger_hasher():
    return WatchedHasher(time_cost=2)


@pytest.fixture
def passwords(hasher):
    return Passwords(hasher)


@pytest.fixture
def users(database, passwords):
    return Users(database, passwords)


@pytest.fixture
async def ada(users):
    return await users.add("ada", "correct horse", now=START)


@pytest.fixture
def sessions(database):
    return Sessions(database, lasts=3600.0)


@pytest.fixture
def tickets(database):
    return Tickets(database, lasts=30.0)


@pytest.fixture
def authenticator(database, passwords, clock):
    return PasswordAuthenticator(database, Settings(), passwords=passwords, clock=clock)
