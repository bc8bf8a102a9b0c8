from datetime import datetime, timedelta, timezone

import pytest

from chargehub.ocpp.smart_charging import Demand, LoadScheduler
from chargehub.reports.dispatch import ReportPlanner
from chargehub.timing import UnknownJob
from chargehub.timing.layers import CountedScheduler
from chargehub.timing.triggers import Every, Once

from .doubles import FakeScheduler

START = datetime(2024, 3, 1, tzinfo=timezone.utc)


def test_every_keeps_its_grid():
    trigger = Every(timedelta(minutes=10), START)
    assert trigger.next_after(START + timedelta(minutes=25)) == START + timedelta(
        minutes=30
    )


def test_once_is_over():
    assert Once(START).next_after(START) is None


@pytest.mark.asyncio
async def test_counted_hands_on():
    inner = FakeScheduler()
    counted = CountedScheduler(inner)
    await counted.add("x", Once(START), "a:b", station="NO-1")
    assert inner.jobs["x"].kwargs == {"station": "NO-1"}
    with pytest.raises(UnknownJob):
        await counted.cancel("y")


def test_plan_survives(tmp_path):
    path = str(tmp_path / "plan.json")
    ReportPlanner(path).register("r1", datetime(2030, 1, 1), 7, "http://x/")
    assert ReportPlanner(path).plan["r1"]["days"] == 7


def test_earliest_leaves_first():
    load = LoadScheduler(32)
    load.add(Demand("b", 20, datetime(2024, 1, 1, 18), 32))
    load.add(Demand("a", 20, datetime(2024, 1, 1, 12), 20))
    assert load.schedule() == {"a": 20, "b": 12}
