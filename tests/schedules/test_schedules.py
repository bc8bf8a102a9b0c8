"""What makes the schedules worth something: many, replayable, checked to the end."""

import importlib
import os
import random
import subprocess
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest

from goldenpath.protocol import Cursor, TextDelta
from goldenpath.protocol._codec import encode_frame
from goldenpath.protocol._frames import (
    ErrorFrame,
    EventFrame,
    Limits,
    Live,
    Person,
    Resume,
    Snapshot,
    SnapshotState,
    Subscribe,
    Welcome,
)
from tests.schedules import schedules as harness
from tests.schedules.story import wrong_in
from tests.schedules.test_reconnect import (
    test_f37_f38_f72_the_worst_bus_and_cut_connections as worst,
)

HERE = Path(__file__).parent
LOG = "thread:t"


def scenarios():
    """Return all tests that are many schedules of one scenario."""
    found = []
    for file in sorted(HERE.glob("test_*.py")):
        module = importlib.import_module(f"tests.schedules.{file.stem}")
        found += [
            test
            for name, test in vars(module).items()
            if name.startswith("test_") and test.__module__ == module.__name__
            if hasattr(test, "schedules")
        ]
    return found


def trace_of(seed):
    """Return a schedule's steps; also for another process."""
    return harness.run(worst.scenario, seed, **worst.fields).trace


def test_there_are_more_than_two_thousand_schedules():
    counts = {test.__name__: test.schedules for test in scenarios()}

    assert sum(counts.values()) >= 2_000
    assert min(counts.values()) >= 50
    assert sum(count >= 100 for count in counts.values()) > 20


def test_one_seed_is_one_schedule_step_by_step():
    first, again = trace_of(3), trace_of(3)

    assert first == again
    assert len(first) > 300
    assert trace_of(4) != first


def test_one_seed_is_the_same_schedule_in_another_process():
    """What fails elsewhere must fail here: hashes and addresses play no part."""
    program = (
        "from tests.schedules.test_schedules import trace_of;"
        "print([trace_of(seed) for seed in range(3)])"
    )
    there = subprocess.run(
        [sys.executable, "-c", program],
        cwd=HERE.parents[1],
        env={**os.environ, "PYTHONHASHSEED": "7"},
        check=True,
        capture_output=True,
        text=True,
    )

    assert there.stdout == f"{[trace_of(seed) for seed in range(3)]}\n"


@pytest.fixture
def failing():
    """A test that fails with every third schedule."""

    @harness.schedules(10)
    async def test_f36_what_fails(world, dice):
        """Why it matters."""
        seen.append(dice.random())
        assert len(seen) % 3, "as it should"

    seen = []
    return SimpleNamespace(
        test=test_f36_what_fails,
        seen=seen,
        request=SimpleNamespace(node=SimpleNamespace(nodeid="tests/x.py::test_f36")),
    )


def test_a_failing_schedule_says_how_to_run_it_again(monkeypatch, failing):
    monkeypatch.setattr(harness, "ONLY", None)
    with pytest.raises(AssertionError, match="as it should") as caught:
        failing.test(failing.request, None)

    seed = harness.SEED + 2
    assert caught.value.__notes__[-1] == (
        f"this schedule again: GOLDENPATH_SCHEDULE={seed} "
        "python -m pytest 'tests/x.py::test_f36'"
    )
    assert any(note.startswith(f"seed {seed}, ") for note in caught.value.__notes__)

    monkeypatch.setattr(harness, "ONLY", str(seed))
    failing.test(failing.request, None)
    *_, third, again = failing.seen
    assert third == again
    assert again == random.Random(f"scenario {seed}").random()


def test_what_was_seen_is_written_down_once_for_each_fault(monkeypatch):
    monkeypatch.setattr(harness, "ONLY", None)
    seen = []

    @harness.schedules(1, ours="nothing")
    async def test_f37_f38_both(world, dice):
        pass

    test_f37_f38_both(None, lambda number, ours: seen.append((number, ours)))

    assert seen == [("F37", "nothing"), ("F38", "nothing")]
    assert test_f37_f38_both.__name__ == "test_f37_f38_both"


# The check on the wire.


def event(number):
    return EventFrame(
        log=LOG,
        epoch="e",
        incarnation="i",
        number=number,
        time=0.0,
        event=TextDelta(text="x"),
    )


def snapshot(number):
    return Snapshot(
        log=LOG, cursor=Cursor("e", "i", number), why="new", state=SnapshotState()
    )


WELCOME = Welcome(
    connection="c",
    user=Person(id="u", name="U"),
    log="user:u",
    cursors={},
    heartbeat_every=20.0,
    silent_after=45.0,
    limits=Limits(
        frame_bytes=1, message_bytes=1, frames_per_second=1.0, frames_burst=1
    ),
    expires_in=1.0,
    server_time=0.0,
)
SUBSCRIBE = Subscribe(id="s", thread="t")
RESUME = Resume(log=LOG, cursor=Cursor("e", "i", 1))


def server(sent, heard=(), wrong=()):
    return SimpleNamespace(
        sent=[encode_frame(frame) for frame in sent],
        heard=["no frame", *(encode_frame(frame).decode() for frame in heard)],
        wrong=list(wrong),
    )


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        ([WELCOME, snapshot(3), event(4), event(5)], []),
        ([WELCOME, event(7), event(8), snapshot(2), event(3)], []),
        ([WELCOME, event(1), event(2), event(1)], [SUBSCRIBE]),
        ([WELCOME, event(1), event(2), event(2), event(1)], [SUBSCRIBE, RESUME]),
        ([ErrorFrame(code="authenticate", message="nobody")], []),
    ],
)
def test_a_story_without_fault_is_left_alone(sent, heard):
    assert wrong_in(server(sent, heard)) == []


@pytest.mark.parametrize(
    ("sent", "heard"),
    [
        ([WELCOME, snapshot(3), event(3)], []),
        ([WELCOME, snapshot(3), event(5)], []),
        ([WELCOME, event(1), event(1)], []),
        ([WELCOME, event(1), event(3)], []),
        ([WELCOME, event(1), event(3), event(5)], [SUBSCRIBE]),
        ([Live(log=LOG, epoch="e", incarnation="i", number=1), WELCOME], []),
    ],
)
def test_a_story_with_a_fault_is_told(sent, heard):
    assert len(wrong_in(server(sent, heard))) == 1


def test_what_the_server_end_saw_is_told():
    assert wrong_in(server([WELCOME], wrong=["two sends at once"])) == [
        "two sends at once"
    ]
