"""Who gets a request, and when one more instance is started."""

import random
from collections import Counter

import pytest

from emulator import Platform
from emulator._routing import choose, needs_another


def chosen(open_requests, *, cookie=None, **knobs):
    platform = Platform(max_instances=10, **knobs)
    dice = random.Random(1)
    return Counter(
        choose(open_requests, platform, dice, cookie=cookie) for _ in range(1000)
    )


def test_without_affinity_every_instance_is_as_likely():
    counts = chosen({1: 0, 2: 5, 3: 79}, cookie="1")

    assert set(counts) == {1, 2, 3}
    assert min(counts.values()) > 250


def test_a_full_instance_gets_nothing():
    assert chosen({1: 80, 2: 0}) == {2: 1000}
    assert chosen({1: 80}) == {None: 1000}
    assert chosen({}) == {None: 1000}


@pytest.mark.parametrize(
    ("affinity", "least", "most"), [(1.0, 1000, 1000), (0.7, 750, 900)]
)
def test_affinity_is_honoured_as_often_as_was_said(affinity, least, most):
    """And a stray choice may hit the same one by chance: one in two here."""
    counts = chosen({1: 0, 2: 0}, cookie="2", affinity=affinity)

    assert least <= counts[2] <= most


def test_a_cookie_of_an_instance_that_is_gone_or_full_does_no_harm():
    assert set(chosen({1: 0, 2: 80}, cookie="2", affinity=1.0)) == {1}
    assert set(chosen({1: 0}, cookie="nonsense", affinity=1.0)) == {1}


@pytest.mark.parametrize(
    ("open_requests", "starting", "waiting", "needed"),
    [
        ({}, 0, 1, True),
        ({}, 1, 1, False),
        ({}, 1, 3, True),
        ({1: 2}, 0, 1, True),
        ({1: 2, 2: 2}, 0, 1, False),
        ({1: 2}, 1, 9, False),
    ],
)
def test_an_instance_is_started_for_those_who_wait(
    open_requests, starting, waiting, needed
):
    platform = Platform(max_instances=2, concurrency=2)

    found = needs_another(open_requests, platform, starting=starting, waiting=waiting)

    assert found is needed
