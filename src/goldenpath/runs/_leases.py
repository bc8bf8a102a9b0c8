"""Whether a process that executes runs is still alive.

A lease lapses when the owner's count of beats has stood still for long enough on
the observer's own monotonic clock: no two clocks are ever compared. That is only
about when to take over; what decides who may write is the fencing token.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from pathlib import Path

from goldenpath._ids import new_id
from goldenpath.logs._base import Owner


class LeaseWatch:
    """Notice owners whose beats stand still. Pure.

    Args:
        lapses_after: Seconds without a beat.
    """

    def __init__(self, *, lapses_after: float) -> None:
        self._lapses_after = lapses_after
        self._seen: dict[str, tuple[int, float]] = {}

    def observe(self, owners: Iterable[Owner], *, now: float) -> list[str]:
        """Take in how the owners stand; return those whose leases have lapsed."""
        present = {owner.id: owner.beats for owner in owners}
        self._seen = {
            name: seen for name, seen in self._seen.items() if name in present
        }
        lapsed = []
        for name, beats in present.items():
            known = self._seen.get(name)
            if known is None or known[0] != beats:
                self._seen[name] = (beats, now)
            elif now - known[1] >= self._lapses_after:
                lapsed.append(name)
        return lapsed


def this_process() -> Owner:
    """Return this process as an owner of runs, under a new name."""
    return Owner(
        id=new_id(), boot=_boot(), pid=os.getpid(), started=_started(os.getpid()) or ""
    )


def is_certainly_dead(owner: Owner) -> bool:
    """Tell whether an owner was a process of this machine that is gone.

    False means that it cannot be told: wait for its lease to lapse.
    """
    if not owner.boot or owner.boot != _boot():
        return False
    started = _started(owner.pid)
    return started is None or started != owner.started


def _boot() -> str:
    """Return what names this start of the machine, and this space of process ids."""
    try:
        boot = Path("/proc/sys/kernel/random/boot_id").read_text().strip()
        return f"{boot} {Path('/proc/self/ns/pid').readlink()}"
    except OSError:
        return ""  # not Linux: leases lapse by their count alone


def _started(pid: int) -> str | None:
    """Return when a process began, in the machine's own count; None if it is gone."""
    try:
        status = Path(f"/proc/{pid}/stat").read_text()
    except OSError:
        return None
    # The name in parentheses may hold anything; fields count from behind it.
    fields = status.rpartition(")")[2].split()
    return None if fields[0] == "Z" else fields[19]
