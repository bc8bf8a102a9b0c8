"""What cuts a request, and when."""

import pytest

from emulator import Platform
from emulator._faults import NEVER
from emulator._timers import Deadline, deadline


def due(**knobs):
    times = {"opened_at": 100.0, "heard_up": 110.0, "heard_down": 120.0}
    platform = Platform(**{"request_timeout": 1000.0} | knobs)
    return deadline(platform, **times)


@pytest.mark.parametrize(
    ("knobs", "expected"),
    [
        ({}, Deadline(1100.0, "timeout")),
        ({"scale": 0.01}, Deadline(110.0, "timeout")),
        ({"balancer_timeout": 30.0}, Deadline(130.0, "balancer")),
        ({"idle_after": 30.0}, Deadline(140.0, "idle")),
        ({"idle_after": 30.0, "idle_counts": "both"}, Deadline(150.0, "idle")),
        ({"idle_after": 30.0, "scale": 0.1}, Deadline(113.0, "idle")),
        ({"request_timeout": None}, Deadline(NEVER, "")),
    ],
)
def test_the_first_limit_counts(knobs, expected):
    assert due(**knobs) == expected
