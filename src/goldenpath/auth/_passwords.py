"""Passwords: how they are normalised, hashed, compared and made up.

Rule 1: no hash is computed on the event loop, and only a few at a time.
Rule 2: comparing costs the same whether or not there is something to compare with.
"""

from __future__ import annotations

import asyncio
import base64
import functools
import secrets
import unicodedata
from collections.abc import Callable
from typing import TypeVar

import argon2
from argon2.exceptions import VerifyMismatchError

from goldenpath.errors import RefusedError, TooManyAttemptsError

Result = TypeVar("Result")

_LONGEST_BYTES = 1024
# Two at a time need 38 MiB and leave a core for the event loop on most hosts. A
# queue of 64 is empty again after one or two seconds; who comes then is sent away.
_AT_ONCE = 2
_WAITING = 64
# No l, o, 0 or 1: they are mistaken for one another when read aloud or copied.
_READABLE = "abcdefghijkmnpqrstuvwxyz23456789"


def default_hasher() -> argon2.PasswordHasher:
    """Return Argon2id at OWASP's minimum: 19 MiB, two passes, one lane.

    Not more, because the default runs in one small process: about 35 ms on the
    machine this was written on, and 40 guesses a second are no help to a thief.
    Raising it later is safe: each login renews a hash that was made with less.
    """
    return argon2.PasswordHasher(
        time_cost=2, memory_cost=19 * 1024, parallelism=1, hash_len=32, salt_len=16
    )


def normalise_password(password: str) -> bytes:
    """Return the bytes of a password, the same whichever keyboard typed it.

    Raises:
        RefusedError: It is empty, too long, or not text.
    """
    # Normalising takes time by length, so the length is looked at before it too.
    if len(password) > _LONGEST_BYTES:
        raise _bad_password(f"is longer than {_LONGEST_BYTES} bytes")
    try:
        # NFKC, as NIST SP 800-63B asks: composed or not, full width or not.
        normal = unicodedata.normalize("NFKC", password).encode()
    except UnicodeEncodeError:
        raise _bad_password("is not valid Unicode text") from None
    if not normal:
        raise _bad_password("is empty")
    if len(normal) > _LONGEST_BYTES:
        raise _bad_password(f"is longer than {_LONGEST_BYTES} bytes")
    return normal


def generate_password() -> str:
    """Return a random password of 100 bits that a person can read out."""
    groups = ("".join(secrets.choice(_READABLE) for _ in range(4)) for _ in range(5))
    return "-".join(groups)


class Passwords:
    """Hashes passwords and compares them, off the event loop.

    Args:
        hasher: How; by default as :func:`default_hasher` says.
    """

    def __init__(self, hasher: argon2.PasswordHasher | None = None) -> None:
        self._hasher = hasher or default_hasher()
        self._nobodys = _hash_of_nothing(self._hasher)
        self._free = asyncio.Semaphore(_AT_ONCE)
        self._waiting = 0

    async def hash(self, password: str) -> str:
        """Return the hash of a password, with its salt and parameters in it.

        Raises:
            RefusedError: The password is empty or too long.
            TooManyAttemptsError: Too many hashes wait already.
        """
        normal = normalise_password(password)
        return await self._in_thread(functools.partial(self._hasher.hash, normal))

    async def verify(self, password: str, encoded: str | None) -> bool:
        """Return whether the hash is of this password.

        Without a hash the answer is no, and takes as long as with one.

        Raises:
            TooManyAttemptsError: Too many hashes wait already.
        """
        try:
            normal = normalise_password(password)
        except RefusedError:
            return False  # fast, but that tells only what the asker knows
        against = self._nobodys if encoded is None else encoded
        compare = functools.partial(self._compare, against, normal)
        return await self._in_thread(compare)

    def is_outdated(self, encoded: str) -> bool:
        """Return whether a hash was made with other parameters than today's."""
        return self._hasher.check_needs_rehash(encoded)

    def _compare(self, encoded: str, normal: bytes) -> bool:
        try:
            return self._hasher.verify(encoded, normal)
        except VerifyMismatchError:
            return False

    async def _in_thread(self, work: Callable[[], Result]) -> Result:
        if self._waiting >= _WAITING:
            raise TooManyAttemptsError(1.0)
        self._waiting += 1
        try:
            await self._free.acquire()
        finally:
            self._waiting -= 1
        running = asyncio.get_running_loop().run_in_executor(None, work)
        # The place is free when the thread has finished, not when the caller gave
        # up: otherwise a client that hangs up at once could start any number.
        running.add_done_callback(lambda _: self._free.release())
        return await asyncio.shield(running)


def _hash_of_nothing(hasher: argon2.PasswordHasher) -> str:
    """Return a hash that costs as much to compare with as a real one.

    It is random instead of computed, so that making it blocks nobody.
    """
    parameters = f"m={hasher.memory_cost},t={hasher.time_cost},p={hasher.parallelism}"
    salt, digest = (
        base64.b64encode(secrets.token_bytes(length)).rstrip(b"=").decode()
        for length in (hasher.salt_len, hasher.hash_len)
    )
    return f"$argon2id$v=19${parameters}${salt}${digest}"


def _bad_password(why: str) -> RefusedError:
    return RefusedError("bad_password", f"the password {why}")
