"""Ours holds, in the very scenarios that the naive server fails.

What it holds is more than what is seen: behind every scenario the checker looks at all
frames and at the log, and no server may have logged an error or closed with 1011.
"""

import json

import pytest

from tests.emulator.golden import GoldenSide
from tests.faults import scenarios

pytestmark = [pytest.mark.anyio, pytest.mark.process]


@pytest.fixture
async def start(tmp_path):
    """Makes sides of our server, and ends them."""
    sides = []

    def make(*arguments):
        sides.append(GoldenSide(tmp_path, arguments=arguments))
        return sides[-1]

    yield make
    for side in sides:
        await side.__aexit__()


@pytest.fixture
def ours(start):
    return start()


def draining_frames(emulator):
    """Return the frames that asked connections to move."""
    sent = [
        json.loads(line["data"])
        for line in emulator.record.lines("message")
        if line["direction"] == "down" and line["kind"] == "text"
    ]
    return [frame for frame in sent if frame["frame"] == "draining"]


async def test_f05_what_is_asked_at_once_is_answered(ours, observe):
    assert await scenarios.f05_a_device_asks_at_once(ours) == []
    observe("F05", ours="what is said at once is answered")


async def test_f10_a_cold_start_listens_when_it_can_answer(ours, observe):
    wrong = await scenarios.f10_the_host_takes_an_open_port_for_readiness(ours)

    assert wrong == []
    observe("F10", ours="the port opens when the server can answer")


async def test_f13_a_late_farewell_takes_nothing_from_the_newer_one(ours, observe):
    wrong = await scenarios.f13_an_old_connection_ends_after_the_new_one_began(ours)

    assert wrong == []
    observe("F13", ours="the newer connection goes on getting everything")


async def test_f36_who_joins_in_the_midst_of_an_answer_gets_all_of_it(ours, observe):
    assert await scenarios.f36_people_join_while_an_answer_comes(ours) == []
    observe("F36", ours="every newcomer has every word, once and in order")


async def test_f43_a_device_that_is_cut_all_the_time_ends_like_the_others(
    ours, observe
):
    assert await scenarios.f43_a_device_is_cut_again_and_again(ours) == []
    observe("F43", ours="the text equals that of a device that was never cut")


async def test_f51_nothing_is_lost_when_the_instance_is_terminated(ours, observe):
    wrong, codes = await scenarios.f51_the_instance_is_terminated(ours)

    assert wrong == []
    assert set(codes) <= {1000, 1001}
    # Both were asked to move, before anything was closed.
    draining = draining_frames(ours.emulator)
    assert len(draining) == 2
    assert {frame["reason"] for frame in draining} == {"deploy"}
    observe("F51", ours="devices move first, the answer has an end, exit status 0")


async def test_f53_every_answer_has_an_end_after_a_kill(ours, observe):
    assert await scenarios.f53_the_instance_is_killed(ours) == []
    observe("F53", ours="the answer ends as interrupted, and nothing shown is lost")


async def test_f57_connections_move_before_the_host_cuts_them(start, observe):
    age = 8.0
    side = start("--max-connection-age", str(age))
    wrong, cut = await scenarios.f57_the_host_cuts_requests_by_their_age(side, age=age)

    assert wrong == []
    assert cut == 0
    assert {frame["reason"] for frame in draining_frames(side.emulator)} == {"age"}
    observe("F57", ours="connections moved in time, and none was cut")
