import asyncio
import math
import re
import threading

import argon2
import pytest

from goldenpath.auth._passwords import (
    Passwords,
    default_hasher,
    generate_password,
    normalise_password,
)
from goldenpath.errors import RefusedError, TooManyAttemptsError

pytestmark = pytest.mark.anyio


def parameters(encoded):
    return argon2.extract_parameters(encoded)


async def test_a_password_matches_its_hash_and_no_other(passwords):
    encoded = await passwords.hash("correct horse")

    assert await passwords.verify("correct horse", encoded)
    assert not await passwords.verify("correct horsf", encoded)
    assert "correct" not in encoded


async def test_two_hashes_of_one_password_differ(passwords):
    assert await passwords.hash("same") != await passwords.hash("same")


async def test_the_default_is_at_least_the_minimum_of_owasp():
    """S25: Argon2id, 19 MiB, two passes."""
    used = parameters(await Passwords().hash("x"))

    assert used.type is argon2.Type.ID
    assert used.memory_cost >= 19 * 1024
    assert used.time_cost >= 2
    assert used.hash_len >= 32
    assert used.salt_len >= 16


async def test_the_same_text_typed_differently_is_the_same_password(passwords):
    """A Mac composes accents, a Japanese keyboard may send full width."""
    encoded = await passwords.hash("Caf\u00e9 \uff11")

    assert await passwords.verify("Cafe\u0301 1", encoded)
    assert not await passwords.verify("caf\u00e9 1", encoded)


@pytest.mark.parametrize(
    ("password", "why"),
    [
        ("", "is empty"),
        ("x" * 1025, "longer than 1024 bytes"),
        ("é" * 513, "longer than 1024 bytes"),
        ("\ufdfa" * 40, "longer than 1024 bytes"),  # one character becomes 18
        ("a\ud800", "not valid Unicode"),
    ],
)
async def test_a_password_that_cannot_be_is_refused(passwords, password, why):
    with pytest.raises(RefusedError, match=why) as caught:
        await passwords.hash(password)
    assert caught.value.code == "bad_password"


@pytest.mark.parametrize("password", ["x", "x" * 1024, "é" * 512])
def test_the_limits_themselves_are_allowed(password):
    assert normalise_password(password) == password.encode()


async def test_an_impossible_password_is_wrong_instead_of_an_error(passwords):
    encoded = await passwords.hash("x")

    assert not await passwords.verify("", encoded)
    assert not await passwords.verify("x" * 5000, encoded)


async def test_nobodys_password_is_compared_like_anybodys(passwords, hasher):
    """S24: without the same work, the time would tell which names exist."""
    encoded = await passwords.hash("x")

    assert not await passwords.verify("x", None)
    assert len(hasher.compared) == 1
    assert parameters(hasher.compared[0]) == parameters(encoded)


async def test_a_hash_with_other_parameters_is_outdated(hasher, stronger_hasher):
    weak, strong = Passwords(hasher), Passwords(stronger_hasher)
    encoded = await weak.hash("x")

    assert not weak.is_outdated(encoded)
    assert strong.is_outdated(encoded)
    assert await strong.verify("x", encoded)


async def test_a_broken_hash_is_an_error_and_lets_nobody_in(passwords):
    with pytest.raises(argon2.exceptions.InvalidHashError):
        await passwords.verify("x", "not a hash")


class GatedHasher(argon2.PasswordHasher):
    """Hashes when it is told to, and notes how many do so at once."""

    def __init__(self):
        super().__init__(time_cost=1, memory_cost=8, parallelism=1)
        self.gate = threading.Event()
        self.entered = threading.Semaphore(0)
        self.running = 0
        self.most = 0
        self.threads = set()
        self.lock = threading.Lock()

    def hash(self, password, *, salt=None):
        with self.lock:
            self.running += 1
            self.most = max(self.most, self.running)
            self.threads.add(threading.get_ident())
        self.entered.release()
        self.gate.wait(30)
        with self.lock:
            self.running -= 1
        return super().hash(password, salt=salt)


async def test_two_hashes_at_a_time_and_none_on_the_event_loop():
    """Each takes 19 MiB and a core; a flood of logins must not take all (S25, F31)."""
    hasher = GatedHasher()
    passwords = Passwords(hasher)
    tasks = [asyncio.create_task(passwords.hash("x")) for _ in range(10)]
    await asyncio.to_thread(hasher.entered.acquire)
    await asyncio.to_thread(hasher.entered.acquire)
    hasher.gate.set()
    await asyncio.gather(*tasks)

    assert hasher.most == 2
    assert threading.get_ident() not in hasher.threads


async def test_giving_up_does_not_make_room_for_more():
    """A client that hangs up leaves a thread at work; it counts until it is done."""
    hasher = GatedHasher()
    passwords = Passwords(hasher)
    first = [asyncio.create_task(passwords.hash("x")) for _ in range(2)]
    for _ in first:
        await asyncio.to_thread(hasher.entered.acquire)
    for task in first:
        task.cancel()
    await asyncio.gather(*first, return_exceptions=True)
    second = [asyncio.create_task(passwords.hash("x")) for _ in range(2)]
    # Wrongly free places would be taken before these threads have been to and fro.
    for _ in range(20):
        await asyncio.to_thread(lambda: None)

    assert hasher.running == 2

    hasher.gate.set()
    await asyncio.gather(*second)
    assert hasher.most == 2


async def test_who_comes_when_too_many_wait_is_sent_away():
    """Every queue has an end (S38); after the flood it is empty again."""
    hasher = GatedHasher()
    passwords = Passwords(hasher)
    tasks = [asyncio.create_task(passwords.hash("x")) for _ in range(2 + 64)]
    for _ in range(2):
        await asyncio.to_thread(hasher.entered.acquire)

    with pytest.raises(TooManyAttemptsError):
        await passwords.verify("x", None)

    hasher.gate.set()
    assert len(await asyncio.gather(*tasks)) == 66
    assert not await passwords.verify("x", None)


def test_a_generated_password_has_enough_bits_and_no_lookalikes():
    made = [generate_password() for _ in range(500)]
    symbols = set("".join(made)) - {"-"}

    assert len(set(made)) == 500
    assert all(re.fullmatch(r"\w{4}(-\w{4}){4}", password) for password in made)
    assert not symbols & set("lo01LIO")
    assert len(symbols) == 32
    assert 20 * math.log2(len(symbols)) >= 80


def test_the_default_hasher_is_made_anew_each_time():
    assert default_hasher() is not default_hasher()
