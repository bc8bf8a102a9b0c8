"""Coming back: not at once again and again, and not when it makes no sense."""

import random

import pytest

from goldenpath.client._back_off import GOOD_AFTER, BackOff, farewell
from goldenpath.errors import AuthError, RefusedError
from goldenpath.protocol import CloseCode

STAYS_AWAY = {
    CloseCode.AUTHENTICATE: AuthError,
    CloseCode.SESSION_ENDED: AuthError,
    CloseCode.BAD_MESSAGE: RefusedError,
    CloseCode.FORBIDDEN: RefusedError,
    CloseCode.TOO_MANY_CONNECTIONS: RefusedError,
    CloseCode.VERSION: RefusedError,
}
COMES_BACK = [code for code in CloseCode if code not in STAYS_AWAY]
AT_ONCE = (CloseCode.TIMEOUT, CloseCode.BEHIND)
FOREIGN = (1000, 1005, 1006, 1012, 1015, 3000, 4999)


def latest(low, high):
    """Draw the largest number that may be drawn."""
    assert low == 0.0
    return high


@pytest.mark.parametrize("code", CloseCode)
def test_each_code_says_whether_to_come_back(code):
    reason = farewell(code)

    assert type(reason) is STAYS_AWAY.get(code, type(None))
    if isinstance(reason, RefusedError):
        assert reason.code == str(int(code))


@pytest.mark.parametrize("code", FOREIGN)
def test_codes_from_elsewhere_mean_lost(code):
    assert farewell(code) is None
    assert BackOff(most=30.0, uniform=latest).delay(code, "", lasted=0.0) == 0.25


@pytest.mark.parametrize("code", [*COMES_BACK, *FOREIGN])
def test_failures_in_a_row_wait_longer_up_to_the_cap(code):
    """For ever: after hours of failures it is still a number of seconds."""
    back_off = BackOff(most=30.0, uniform=latest)

    delays = [back_off.delay(code, "", lasted=0.0) for _ in range(3000)]

    assert delays[:8] == [0.25, 0.5, 1.0, 2.0, 4.0, 8.0, 16.0, 30.0]
    assert set(delays[8:]) == {30.0}


@pytest.mark.parametrize("code", [*COMES_BACK, *FOREIGN])
def test_each_wait_is_drawn_from_nothing_to_its_most(code):
    """Without jitter all clients of a dead server would come back together."""
    rng = random.Random(7)
    back_off = BackOff(most=4.0, uniform=rng.uniform)

    delays = [back_off.delay(code, "", lasted=0.0) for _ in range(500)]

    assert 0.0 <= min(delays) < 0.2
    assert 3.8 < max(delays) <= 4.0


@pytest.mark.parametrize("code", COMES_BACK)
def test_after_a_good_connection_it_begins_again(code):
    back_off = BackOff(most=30.0, uniform=latest)
    for _ in range(9):
        back_off.delay(code, "", lasted=0.0)

    expected = 0.0 if code in AT_ONCE else 0.25

    assert back_off.delay(code, "", lasted=GOOD_AFTER) == expected


@pytest.mark.parametrize("code", AT_ONCE)
def test_nobody_comes_back_at_once_again_and_again(code):
    """A reader that is always too slow would be an attack."""
    back_off = BackOff(most=30.0, uniform=latest)

    assert [back_off.delay(code, "", lasted=0.1) for _ in range(3)] == [0.25, 0.5, 1.0]


@pytest.mark.parametrize("code", [*COMES_BACK, *FOREIGN])
def test_a_time_that_the_server_names_is_kept(code):
    """With some spread on top, never below, whatever the code: as in the browser."""
    reason = "retry_after=2.500 whatever"

    latest_delay = BackOff(most=30.0, uniform=latest).delay(code, reason, lasted=0.0)
    soonest = BackOff(most=30.0, uniform=min).delay(code, reason, lasted=0.0)

    assert (soonest, latest_delay) == (2.5, 3.5)


def test_a_short_time_is_spread_by_no_more_than_itself():
    back_off = BackOff(most=30.0, uniform=latest)

    delay = back_off.delay(CloseCode.MOVING, "retry_after=0.200 x", lasted=9.0)

    assert delay == 0.4


@pytest.mark.parametrize(
    "reason", ["", "retry_after=", "retry_after=x", "retry_after=-3", " retry_after=3"]
)
def test_a_reason_without_a_time_is_like_none(reason):
    back_off = BackOff(most=30.0, uniform=latest)

    assert back_off.delay(CloseCode.BUSY, reason, lasted=0.0) == 0.25


def test_a_reason_is_read_as_far_as_it_is_a_number():
    back_off = BackOff(most=30.0, uniform=latest)

    assert back_off.delay(CloseCode.BUSY, "retry_after=1.2.3", lasted=0.0) == 2.2
