import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenpath.protocol._rate import TokenBucket
from tests.protocol.strategies import LAW


def test_a_burst_passes_and_then_the_rate():
    bucket = TokenBucket(rate=20.0, burst=3, now=100.0)

    assert [bucket.take(now=100.0) for _ in range(3)] == [0.0, 0.0, 0.0]
    assert bucket.take(now=100.0) == pytest.approx(0.05)
    assert bucket.take(now=100.025) == pytest.approx(0.025)
    assert bucket.take(now=100.0501) == 0.0
    assert bucket.take(now=100.0501) > 0.0


def test_who_waits_as_told_may_pass():
    bucket = TokenBucket(rate=3.0, burst=1, now=0.0)
    bucket.take(now=0.0)
    wait = bucket.take(now=0.1)

    assert bucket.take(now=0.1 + wait + 1e-9) == 0.0


def test_asking_does_not_cost():
    bucket = TokenBucket(rate=1.0, burst=1, now=0.0)
    bucket.take(now=0.0)

    for _ in range(100):
        assert bucket.take(now=0.5) == pytest.approx(0.5)


def test_a_long_rest_does_not_save_up_more_than_a_burst():
    bucket = TokenBucket(rate=10.0, burst=2, now=0.0)

    assert [bucket.take(now=1e6) for _ in range(3)][:2] == [0.0, 0.0]
    assert bucket.take(now=1e6) > 0.0


def test_a_clock_that_goes_back_gives_nothing():
    bucket = TokenBucket(rate=10.0, burst=1, now=100.0)
    bucket.take(now=100.0)

    assert bucket.take(now=0.0) > 0.0


@LAW
@given(
    st.lists(st.floats(0.0, 0.5), min_size=1, max_size=60),
    st.floats(0.5, 50.0),
    st.integers(1, 10),
)
def test_no_stretch_of_time_lets_more_pass_than_burst_and_rate(gaps, rate, burst):
    bucket = TokenBucket(rate=rate, burst=burst, now=0.0)
    now, passed = 0.0, []
    for gap in gaps:
        now += gap
        if bucket.take(now=now) == 0.0:
            passed.append(now)

    for index, start in enumerate(passed):
        for count, end in enumerate(passed[index:], 1):
            assert count <= burst + rate * (end - start) + 1e-6
