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
USUAL_SESSION = 30 * 24 * 3600.0
# Enough for every scenario, so that none has to log anybody in.
_SESSIONS = 8
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
    """Return the image of a store with people in it, who they are, and their sessions.

    Call it before there is a loop: making it takes one.
    """
    cheap = Passwords(argon2.PasswordHasher(1, 8, 1))

    async def main():
        store = InlineStore()
        people, tokens = {}, {}
        async with InlineDatabase(folder() / "people.db", store=store) as database:
            for name in NAMES:
                users = Users(database, cheap)
                user = people[name] = await users.add(name, "a password", now=0.0)
                tokens[name] = [
                    await log_in(database, user, lasts=USUAL_SESSION)
                    for _ in range(_SESSIONS)
                ]
        image = store.image()
        store.close()
        return image, people, tokens

    return run_schedule(main, seed="people").result


def person(name):
    """Return somebody's user."""
    return peopled()[1][name]


async def log_in(database, user, *, lasts):
    """Return the token of a new session."""
    opened = await Sessions(database, lasts=lasts).create(
        user.id, password_hash=user.password_hash, now=time.time()
    )
    return opened[0]
