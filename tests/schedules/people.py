"""Who there is: made once, since hashing a password takes longer than a schedule."""

import atexit
import functools
import shutil
import tempfile
import time
from pathlib import Path

import argon2

from goldenpath.auth import Passwords, Users
from goldenpath.auth._sessions import Sessions
from goldenpath.testing import InlineDatabase, InlineStore, run_schedule

NAMES = ("ada", "bob", "eve")
# Where a file costs no disk, if there is such a place.
_FOLDERS = Path("/dev/shm") if Path("/dev/shm").is_dir() else None


@functools.cache
def folder():
    """Return where the logs of all worlds keep their one small file."""
    made = Path(tempfile.mkdtemp(prefix="goldenpath-schedules-", dir=_FOLDERS))
    atexit.register(shutil.rmtree, made, ignore_errors=True)
    return made


@functools.cache
def peopled():
    """Return the image of a store with people in it, and who they are by name.

    Call it before there is a loop: making it takes one.
    """
    cheap = Passwords(argon2.PasswordHasher(1, 8, 1))

    async def main():
        store = InlineStore()
        people = {}
        async with InlineDatabase(folder() / "people.db", store=store) as database:
            for name in NAMES:
                users = Users(database, cheap)
                people[name] = await users.add(name, "a password", now=0.0)
        image = store.image()
        store.close()
        return image, people

    return run_schedule(main, seed="people").result


def person(name):
    """Return somebody's user."""
    return peopled()[1][name]


async def log_in(database, name, *, lasts):
    """Return the token of a new session."""
    user = person(name)
    opened = await Sessions(database, lasts=lasts).create(
        user.id, password_hash=user.password_hash, now=time.time()
    )
    return opened[0]
