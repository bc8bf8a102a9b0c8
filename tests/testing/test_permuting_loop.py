"""A loop that permutes: other orders, the same promises, and no time."""

import asyncio
import contextvars
import gc
import random
import secrets
import subprocess
import sys
import time
from pathlib import Path

import pytest

from goldenpath.testing import PermutingLoop, ScheduleError, run_schedule

SEEDS = range(200)


def results(main, seeds=SEEDS, **limits):
    return [run_schedule(main, seed=seed, **limits).result for seed in seeds]


# What may come in any order.


def test_tasks_go_on_in_every_order():
    async def main():
        order = []

        async def note(name):
            order.append(name)

        async with asyncio.TaskGroup() as group:
            for name in "abc":
                group.create_task(note(name))
        return "".join(order)

    assert set(results(main)) == {"abc", "acb", "bac", "bca", "cab", "cba"}


def test_one_task_may_stand_still_while_others_go_a_long_way():
    """A random walk alone would hardly ever show this, and races hide there."""

    async def main():
        steps = 0

        async def walk():
            nonlocal steps
            for _ in range(100):
                steps += 1
                await asyncio.sleep(0)

        async def look():
            await asyncio.sleep(0)
            return steps

        walking = [asyncio.create_task(walk()) for _ in range(3)]
        seen = await asyncio.create_task(look())
        await asyncio.gather(*walking)
        return seen

    seen = results(main)

    assert min(seen) <= 1
    assert max(seen) > 60


def test_timers_that_are_due_come_in_any_order():
    async def main():
        order = []
        loop = asyncio.get_running_loop()
        for name in "ab":
            loop.call_at(loop.time() + 1.0, order.append, name)
        await asyncio.sleep(2.0)
        return "".join(order)

    assert set(results(main)) == {"ab", "ba"}


def test_a_timer_may_come_before_what_was_ready_earlier():
    async def main():
        order = []

        async def work():
            for _ in range(20):
                await asyncio.sleep(0)
            order.append("work")

        working = asyncio.create_task(work())
        asyncio.get_running_loop().call_later(0.001, order.append, "timer")
        await asyncio.sleep(1.0)
        await working
        return order[0]

    assert set(results(main)) == {"work", "timer"}


# What keeps its order.


def test_plain_callbacks_come_in_their_order():
    """asyncio promises that, and code may build on it."""

    async def main():
        order = []
        loop = asyncio.get_running_loop()
        for number in range(10):
            loop.call_soon(order.append, number)
        while len(order) < 10:  # noqa: ASYNC110 - that is what is tried
            await asyncio.sleep(0)
        return order

    assert all(order == list(range(10)) for order in results(main))


def test_a_future_calls_back_in_the_order_in_which_it_was_asked():
    async def main():
        order = []
        future = asyncio.get_running_loop().create_future()
        for number in range(5):
            future.add_done_callback(lambda _, number=number: order.append(number))
        future.set_result(None)
        await asyncio.sleep(1.0)
        return order

    assert all(order == list(range(5)) for order in results(main))


def test_a_queue_is_first_in_first_out_and_a_lock_excludes():
    async def main():
        queue = asyncio.Queue(2)
        lock = asyncio.Lock()
        inside = 0

        async def put():
            for number in range(20):
                await queue.put(number)

        async def enter():
            nonlocal inside
            async with lock:
                inside += 1
                assert inside == 1
                await asyncio.sleep(0)
                inside -= 1

        async with asyncio.TaskGroup() as group:
            group.create_task(put())
            for _ in range(5):
                group.create_task(enter())
            return [await queue.get() for _ in range(20)]

    assert all(taken == list(range(20)) for taken in results(main))


# Time.


def test_nothing_waits():
    async def main():
        started = asyncio.get_running_loop().time()
        unix, monotonic = time.time(), time.monotonic()
        await asyncio.sleep(3000.0)
        passed = asyncio.get_running_loop().time() - started

        assert time.time() - unix == pytest.approx(passed)
        assert time.monotonic() - monotonic == pytest.approx(passed)
        return passed

    began = time.monotonic()
    schedule = run_schedule(main, seed=1)

    assert 3000.0 <= schedule.result < 3000.01
    assert schedule.seconds >= 3000.0
    assert time.monotonic() - began < 30


def test_a_deadline_ends_what_takes_too_long():
    async def main():
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(5.0):
                await asyncio.Event().wait()
        with pytest.raises(TimeoutError):
            await asyncio.wait_for(asyncio.Event().wait(), 5.0)

    assert run_schedule(main, seed=1).seconds == pytest.approx(10.0, abs=0.1)


def test_a_timer_that_was_cancelled_lets_no_time_pass():
    async def main():
        loop = asyncio.get_running_loop()
        timers = [loop.call_later(delay, print, delay) for delay in (1.0, 50.0)]
        for timer in timers:
            timer.cancel()
        await asyncio.sleep(0.5)

    assert run_schedule(main, seed=1).seconds < 1.0


def test_a_thread_is_a_step():
    async def main():
        loop = asyncio.get_running_loop()
        told = asyncio.Event()
        assert await asyncio.to_thread(lambda: 5) == 5
        await asyncio.to_thread(loop.call_soon_threadsafe, told.set)
        await told.wait()
        with pytest.raises(ValueError, match="as from a thread"):
            await asyncio.to_thread(fail)
        left = asyncio.create_task(asyncio.to_thread(lambda: 6))
        await asyncio.sleep(0)
        left.cancel()
        await asyncio.wait([left])

    def fail():
        raise ValueError("as from a thread")

    results(main, range(20))


@pytest.mark.parametrize("name", ["create_connection", "create_server", "getaddrinfo"])
def test_there_are_no_sockets(name):
    async def main():
        with pytest.raises(NotImplementedError):
            await getattr(asyncio.get_running_loop(), name)(None, "127.0.0.1", 1)

    run_schedule(main, seed=1)


# The same again.


async def busy():
    """Something whose order could depend on many things."""
    said = []
    topics = {secrets.token_urlsafe(8) for _ in range(5)}

    async def talk(topic):
        for _ in range(5):
            await asyncio.sleep(random.uniform(0.0, 0.01))
            said.append((topic, round(time.time(), 6)))
            if random.random() < 0.3:
                await asyncio.to_thread(lambda: None)

    await asyncio.wait({asyncio.create_task(talk(topic)) for topic in sorted(topics)})
    return said


def test_one_seed_gives_one_schedule():
    first, again = (run_schedule(busy, seed=7) for _ in range(2))

    assert again == first
    assert len(first.trace) > 50
    assert run_schedule(busy, seed=8).trace != first.trace


def test_one_seed_gives_one_schedule_in_another_process():
    """Hashes of texts and addresses of objects differ there; a seed must not."""
    program = (
        "from tests.testing.test_permuting_loop import busy, run_schedule;"
        "print(run_schedule(busy, seed=7).trace)"
    )
    traces = {
        subprocess.run(
            [sys.executable, "-c", program],
            env={"PYTHONHASHSEED": hash_seed},
            cwd=Path(__file__).parents[2],
            check=True,
            capture_output=True,
            text=True,
        ).stdout
        for hash_seed in ("1", "2")
    }

    assert traces == {f"{run_schedule(busy, seed=7).trace}\n"}


def test_the_world_outside_is_left_as_it_was():
    state, clock, draw = random.getstate(), time.time, secrets.token_bytes
    gc.enable()

    async def main():
        assert not gc.isenabled()
        random.random()
        raise ValueError("it failed")

    with pytest.raises(ValueError, match="it failed"):
        run_schedule(main, seed=1)

    assert gc.isenabled()
    assert random.getstate() == state
    assert (time.time, secrets.token_bytes) == (clock, draw)
    assert secrets.token_bytes(8) != secrets.token_bytes(8)


# Ends that are none.


def test_a_deadlock_is_told_with_the_tasks_that_wait():
    async def main():
        never = asyncio.Event()

        async def wait_for_godot():
            await never.wait()

        await asyncio.create_task(wait_for_godot(), name="estragon")

    with pytest.raises(ScheduleError, match="waits for what will never come") as caught:
        run_schedule(main, seed=1)

    assert "estragon at " in str(caught.value)
    assert "locks.py" in str(caught.value), "it says where"
    assert any("estragon" in note for note in caught.value.__notes__)


def test_what_turns_in_circles_is_stopped():
    async def main():
        while True:  # noqa: ASYNC110 - that is what is tried
            await asyncio.sleep(0)

    with pytest.raises(ScheduleError, match=r"is busy for more than 0\.2 seconds"):
        run_schedule(main, seed=1, busy_within=0.2)


def test_what_waits_for_ever_in_virtual_time_is_stopped():
    async def main():
        while True:  # noqa: ASYNC110 - that is what is tried
            await asyncio.sleep(60.0)

    with pytest.raises(ScheduleError, match="did not end in 600 virtual seconds"):
        run_schedule(main, seed=1, within=600.0)


def test_tasks_that_are_left_behind_are_told():
    cleaned_up = []

    async def main():
        async def stay():
            try:
                await asyncio.sleep(1000.0)
            finally:
                await asyncio.sleep(1.0)
                cleaned_up.append(True)

        asyncio.create_task(stay(), name="the last guest")  # noqa: RUF006
        await asyncio.sleep(0.1)

    with pytest.raises(ScheduleError, match="the last guest"):
        run_schedule(main, seed=1)

    assert cleaned_up == [True], "it was ended all the same"


def test_an_error_that_is_nobodys_to_handle_is_told():
    async def main():
        asyncio.get_running_loop().call_soon(int, "no number")
        await asyncio.sleep(1.0)

    with pytest.raises(ScheduleError, match="no number"):
        run_schedule(main, seed=1)


def test_a_task_whose_error_nobody_looks_at_is_told():
    async def main():
        async def fail():
            raise ValueError("unseen")

        asyncio.create_task(fail())  # noqa: RUF006
        await asyncio.sleep(1.0)

    with pytest.raises(ScheduleError, match="unseen"):
        run_schedule(main, seed=1)


def test_a_failure_names_its_seed_and_the_last_steps():
    async def main():
        await asyncio.sleep(1.0)
        assert [] == [1]

    with pytest.raises(AssertionError) as caught:
        run_schedule(main, seed=42)

    assert caught.value.__notes__[0].startswith("seed 42, ")


def test_a_loop_that_was_closed_takes_nothing():
    loop = PermutingLoop(1)
    loop.close()

    with pytest.raises(RuntimeError, match="closed"):
        loop.call_soon(print)
    with pytest.raises(RuntimeError, match="closed"):
        loop.call_later(1.0, print)


# What a test does to a schedule.


def test_a_task_is_cancelled_at_each_of_its_awaits():
    async def main(number):
        reached = []

        async def work():
            for step in range(4):
                reached.append(step)
                await asyncio.sleep(0.1)

        task = asyncio.create_task(work())
        asyncio.get_running_loop().cancel_at_await(task, number)
        await asyncio.wait([task])
        return len(reached), task.cancelled()

    ends = [
        run_schedule(lambda number=number: main(number), seed=1).result
        for number in range(1, 7)
    ]

    assert ends == [(1, True), (2, True), (3, True), (4, True), (4, False), (4, False)]


def test_something_is_done_at_any_step():
    async def main(number):
        steps = []

        async def work():
            for step in range(10):
                steps.append(step)
                await asyncio.sleep(0)

        task = asyncio.create_task(work())
        asyncio.get_running_loop().at_step(number, task.cancel)
        await asyncio.wait([task])
        return len(steps)

    reached = [
        run_schedule(lambda number=number: main(number), seed=3).result
        for number in range(1, 14)
    ]

    assert reached == sorted(reached)
    assert set(reached) >= set(range(1, 11))


def test_a_frozen_process_stands_still_and_goes_on_late():
    async def main():
        loop = asyncio.get_running_loop()
        seen = []

        async def tick(name):
            for _ in range(4):
                await asyncio.sleep(1.0)
                seen.append((name, round(loop.time() - began)))

        began = loop.time()
        tasks = []
        for name in ("here", "there"):
            with loop.process(name):
                tasks.append(asyncio.create_task(tick(name)))
        await asyncio.sleep(1.5)
        loop.freeze("there")
        await asyncio.sleep(10.0)
        loop.thaw("there")
        await asyncio.gather(*tasks)
        return seen

    for seen in results(main, range(20)):
        assert [at for name, at in seen if name == "here"] == [1, 2, 3, 4]
        assert [at for name, at in seen if name == "there"][:3] == [1, 12, 13]


def test_what_is_called_for_a_frozen_process_waits_in_its_order():
    async def main():
        loop = asyncio.get_running_loop()
        order = []
        with loop.process("there"):
            context = contextvars.copy_context()
        loop.freeze("there")
        for number in range(5):
            loop.call_soon(order.append, number, context=context)
        await asyncio.sleep(1.0)
        assert order == []
        loop.thaw("there")
        await asyncio.sleep(1.0)
        return order

    assert all(order == list(range(5)) for order in results(main, range(20)))


def test_a_schedule_that_ends_while_a_process_is_frozen_still_ends_its_tasks():
    async def main():
        loop = asyncio.get_running_loop()
        with loop.process("there"):
            asyncio.create_task(asyncio.sleep(1.0), name="frozen")  # noqa: RUF006
        loop.freeze("there")

    with pytest.raises(ScheduleError, match="frozen at"):
        run_schedule(main, seed=1)


# The races of the sketch: what it is for.


class Registry:
    """Forgets by user, whoever stands there by now."""

    def __init__(self):
        self.by_user = {}

    async def connect(self, user, connection):
        await asyncio.sleep(0)
        self.by_user[user] = connection

    async def disconnect(self, user, connection):
        await asyncio.sleep(0)
        self.by_user.pop(user, None)


class CarefulRegistry(Registry):
    async def disconnect(self, user, connection):
        await asyncio.sleep(0)
        if self.by_user.get(user) is connection:
            del self.by_user[user]


@pytest.mark.parametrize("registry", [Registry, CarefulRegistry])
def test_f13_a_late_farewell_is_found_to_remove_the_new_connection(registry):
    async def main():
        connections = registry()
        old, new = object(), object()
        await connections.connect("ada", old)
        async with asyncio.TaskGroup() as group:
            group.create_task(connections.disconnect("ada", old))
            group.create_task(connections.connect("ada", new))
        return connections.by_user.get("ada") is new

    found = results(main, range(50))

    assert all(found) is (registry is CarefulRegistry)
