"""Less processor or memory for a process, by control groups where they can be had."""

import asyncio
import contextlib
import os
import resource
import signal
import time
from pathlib import Path

import pytest

_ROOT = Path("/sys/fs/cgroup")
_PERIOD = 100_000  # microseconds
_DUTY = 0.1
_ADDRESSES = 1024 * 1024 * 1024


@contextlib.contextmanager
def _group(controller, **files):
    """Yield a new control group, or None where none can be had.

    Version 1 has a tree for each controller, version 2 one for all.
    """
    tree = _ROOT / controller if (_ROOT / controller).is_dir() else _ROOT
    group = tree / f"goldenpath-{os.getpid()}-{time.monotonic_ns()}"
    try:
        group.mkdir()
    except OSError:
        yield None
        return
    try:
        try:
            for name, value in files.items():
                (group / name.replace("__", ".")).write_text(str(value))
        except OSError:
            yield None
            return
        yield group
    finally:
        with contextlib.suppress(OSError):
            for pid in (group / "cgroup.procs").read_text().split():
                (tree / "cgroup.procs").write_text(pid)
        with contextlib.suppress(OSError):
            group.rmdir()


def _is_old(controller):
    return (_ROOT / controller).is_dir()


@contextlib.asynccontextmanager
async def little_processor(process, share):
    """Give a process this part of one processor.

    Where no control group can be had, it is stopped and continued ten times a second.
    """
    quota = int(_PERIOD * share)
    if _is_old("cpu"):
        files = {"cpu__cfs_period_us": _PERIOD, "cpu__cfs_quota_us": quota}
    else:
        files = {"cpu__max": f"{quota} {_PERIOD}"}
    with _group("cpu", **files) as group:
        if group is not None:
            (group / "cgroup.procs").write_text(str(process.pid))
            yield
            return
    duty = asyncio.create_task(_keep_duty(process, share))
    try:
        yield
    finally:
        duty.cancel()
        process.send_signal(signal.SIGCONT)


async def _keep_duty(process, share):
    while True:
        process.send_signal(signal.SIGSTOP)
        await asyncio.sleep(_DUTY * (1.0 - share))
        process.send_signal(signal.SIGCONT)
        await asyncio.sleep(_DUTY * share)


@contextlib.contextmanager
def little_memory(limit, *, kills=False):
    """Yield a function that puts a process under a limit.

    Args:
        limit: In bytes.
        kills: The kernel has to kill a process that takes more. Without that, where
            no control group can be had, it is only given no more. Skips where the
            kernel cannot be made to kill it.
    """
    name = "memory__limit_in_bytes" if _is_old("memory") else "memory__max"
    with _group("memory", **{name: limit}) as group:
        if group is not None:
            yield lambda pid: (group / "cgroup.procs").write_text(str(pid))
        elif kills:
            pytest.skip("no control group can be had here")
        else:
            # Of addresses, of which a process takes more than it ever fills.
            most = limit + _ADDRESSES
            yield lambda pid: resource.prlimit(pid, resource.RLIMIT_AS, (most, most))
