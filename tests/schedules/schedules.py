"""Scenarios, each run as many schedules; the one that fails can be run again.

::

    @schedules(100, ours="what is seen of the fault")
    async def test_f36_…(world, dice): ...

``GOLDENPATH_SEED`` moves all seeds; ``GOLDENPATH_SCHEDULE`` runs that one only.
"""

import os
import random
import re

import pytest

from goldenpath.testing import run_schedule
from tests.schedules.people import peopled
from tests.schedules.world import World

SEED = int(os.environ.get("GOLDENPATH_SEED", "20261123"))
ONLY = os.environ.get("GOLDENPATH_SCHEDULE")


def seeds(count):
    """Return the seeds of one test."""
    return [int(ONLY)] if ONLY is not None else range(SEED, SEED + count)


def run(scenario, seed, *, step_within=0.000_2, within=3600.0, **fields):
    """Run one schedule of a scenario in a world of its own; return what came of it."""
    peopled()  # once, and before there is a loop

    async def main():
        async with World(seed, **fields) as world:
            await scenario(world, random.Random(f"scenario {seed}"))
            await world.finish()

    return run_schedule(main, seed=seed, step_within=step_within, within=within)


def schedules(count, *, ours=None, **fields):
    """Make a test of a scenario.

    Args:
        count: How many schedules.
        ours: What was seen of the fault whose number the name carries.
        fields: Of the world.
    """

    def decorate(scenario):
        def test(request, observe):
            for seed in seeds(count):
                try:
                    run(scenario, seed, **fields)
                except BaseException as error:
                    error.add_note(
                        f"this schedule again: GOLDENPATH_SCHEDULE={seed} "
                        f"python -m pytest '{request.node.nodeid}'"
                    )
                    raise
            if ours is not None and ONLY is None:
                for number in re.findall(r"(?<=_)f\d\d(?=_)", scenario.__name__):
                    observe(number.upper(), ours=ours)

        # pytest would take the scenario's own arguments for fixtures.
        for name in ("__name__", "__qualname__", "__module__", "__doc__"):
            setattr(test, name, getattr(scenario, name))
        test.scenario = scenario
        test.fields = fields
        test.schedules = count
        # A busy machine is no failure; what turns in circles is found by the loop.
        return pytest.mark.timeout(600)(test)

    return decorate
