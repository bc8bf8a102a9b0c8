import asyncio

import fakeredis.aioredis
import pytest

from foundry.assets.publish import withdraw
from foundry.coord.manager import LockManager, ReentrantLockManager
from foundry.coord.types import LockLost, LockService, LockSettings, LockTimeout
from foundry.coord.wrap import TracedLocks
from ingest.filelock import LockDir
from tests.fakes import MemoryLocks, NoLocks


@pytest.fixture
def manager():
    return LockManager(fakeredis.aioredis.FakeRedis(), LockSettings(ttl=1.0))


async def test_second_must_wait(manager):
    lease = await manager.acquire("a")
    with pytest.raises(LockTimeout):
        await manager.acquire("a", wait=0.1)
    await manager.release(lease)
    assert (await manager.acquire("a", wait=0.1)).fence > lease.fence


async def test_broken_lock_is_lost(manager):
    lease = await manager.acquire("a")
    await manager.break_lock("a")
    with pytest.raises(LockLost):
        await manager.release(lease)


async def test_reentrant():
    locks = ReentrantLockManager(fakeredis.aioredis.FakeRedis())
    async with locks.hold("a") as one, locks.hold("a") as two:
        assert one is two


async def test_kept_promise(manager):
    assert isinstance(TracedLocks(manager), LockService)
    assert isinstance(NoLocks(), LockService)


async def test_withdraw_takes_the_asset(holds):
    locks = MemoryLocks()
    await withdraw("x1", locks, holds)
    assert locks.history == ["asset/x1"]


def test_lock_dir(tmp_path):
    locks = LockDir(str(tmp_path))
    assert locks.lock("a/b")
    assert not locks.lock("a/b", block=False)
    locks.unlock("a/b")
