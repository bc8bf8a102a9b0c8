"""Who is alive, found out with real processes and without comparing clocks."""

import dataclasses
import os
import subprocess
import sys

import pytest

from goldenpath.logs._base import Owner
from goldenpath.runs._leases import LeaseWatch, is_certainly_dead, this_process


def beats(**counts):
    return [Owner(id=name, beats=count) for name, count in counts.items()]


def test_a_lease_lapses_when_its_count_stood_still_long_enough():
    watch = LeaseWatch(lapses_after=15.0)

    assert watch.observe(beats(a=1), now=100.0) == []
    assert watch.observe(beats(a=1), now=114.9) == []
    assert watch.observe(beats(a=1), now=115.0) == ["a"]


def test_any_beat_begins_the_wait_anew():
    watch = LeaseWatch(lapses_after=15.0)
    watch.observe(beats(a=1, b=1), now=100.0)
    watch.observe(beats(a=2, b=1), now=110.0)

    assert watch.observe(beats(a=2, b=1), now=120.0) == ["b"]


def test_a_count_that_goes_back_is_a_beat_too():
    """A restored backup must not look like a dead process at once."""
    watch = LeaseWatch(lapses_after=15.0)
    watch.observe(beats(a=9), now=100.0)

    assert watch.observe(beats(a=3), now=115.0) == []


def test_an_owner_that_was_away_is_watched_from_its_return():
    watch = LeaseWatch(lapses_after=15.0)
    watch.observe(beats(a=1), now=100.0)
    watch.observe([], now=110.0)

    assert watch.observe(beats(a=1), now=120.0) == []


def test_this_process_is_not_dead():
    assert not is_certainly_dead(this_process())


def test_two_starts_in_one_process_have_two_names():
    assert this_process().id != this_process().id


@pytest.fixture
def child():
    process = subprocess.Popen(
        [sys.executable, "-c", "import sys; sys.stdin.read()"], stdin=subprocess.PIPE
    )
    yield process
    process.stdin.close()
    process.wait()


def owner_of(pid):
    from goldenpath.runs._leases import _started

    return dataclasses.replace(this_process(), pid=pid, started=_started(pid))


def test_another_process_is_alive_until_it_was_killed_reaped_or_not(child):
    owner = owner_of(child.pid)
    assert not is_certainly_dead(owner)
    child.kill()
    # Still there, as a zombie, until somebody asks how it ended.
    os.waitid(os.P_PID, child.pid, os.WEXITED | os.WNOWAIT)
    assert is_certainly_dead(owner)
    child.wait()

    assert is_certainly_dead(owner)


def test_a_stopped_process_is_not_dead(child):
    owner = owner_of(child.pid)
    child.send_signal(19)
    os.waitid(os.P_PID, child.pid, os.WSTOPPED)

    assert not is_certainly_dead(owner)
    child.send_signal(18)


def test_a_process_id_that_is_used_again_is_another_process():
    owner = dataclasses.replace(this_process(), started="1")

    assert is_certainly_dead(owner)


@pytest.mark.parametrize("boot", ["", "another machine"])
def test_of_another_machine_nothing_is_certain(boot):
    owner = dataclasses.replace(this_process(), boot=boot, pid=2**22 + 1)

    assert not is_certainly_dead(owner)
