"""What is taken, what is refused, and what costs the connection."""

import pytest

from goldenpath import Settings
from goldenpath.connections._intake import Intake, Refusal
from goldenpath.protocol import CloseCode, encode_frame
from goldenpath.protocol._frames import Hello, Pong, Subscribe

HELLO = encode_frame(Hello(device="d"))
SUBSCRIBE = encode_frame(Subscribe(id="1", thread="t"))


def intake(**settings):
    return Intake(Settings(**settings), now=0.0)


def test_a_frame_is_taken_and_a_pong_asks_nothing():
    taken = intake()

    assert taken.take(HELLO, now=0.0, is_welcomed=False) == Hello(device="d")
    assert taken.take(encode_frame(Pong()), now=0.0, is_welcomed=True) is None


@pytest.mark.parametrize(
    ("data", "code"),
    [
        (b"{", "bad_message"),
        (b"[" * 100, "too_deep"),
        (b'{"frame":"zap","id":"7"}', "unknown_frame"),
        (b'{"frame":"send","id":"7"}', "bad_message"),
        ("\ud800", "bad_message"),
    ],
)
def test_what_cannot_be_read_costs_a_welcomed_client_an_error_only(data, code):
    refusal = intake().take(data, now=0.0, is_welcomed=True)

    assert isinstance(refusal, Refusal)
    assert (refusal.frame.code, refusal.code) == (code, None)


def test_what_cannot_be_read_before_the_welcome_ends_it():
    refusal = intake().take(b"{", now=0.0, is_welcomed=False)

    assert refusal.code is CloseCode.BAD_MESSAGE


@pytest.mark.parametrize(("size", "is_taken"), [(-1, True), (0, True), (1, False)])
def test_the_first_frame_may_be_as_large_as_a_hello(size, is_taken):
    limit = 200
    hello = HELLO[:-1] + b" " * (limit + size - len(HELLO)) + b"}"

    taken = intake(hello_bytes=limit).take(hello, now=0.0, is_welcomed=False)

    assert (taken == Hello(device="d")) is is_taken
    assert is_taken or taken.code is CloseCode.TOO_LARGE


def test_only_so_many_frames_wait_for_the_welcome():
    taken = intake(early_frames=2)

    for data in (HELLO, SUBSCRIBE, SUBSCRIBE):
        assert not isinstance(taken.take(data, now=0.0, is_welcomed=False), Refusal)
    refusal = taken.take(SUBSCRIBE, now=0.0, is_welcomed=False)

    assert refusal.code is CloseCode.RATE
    assert refusal.retry_after


def test_frames_beyond_the_rate_are_refused_and_in_the_end_cost_the_connection():
    taken = intake(frames_per_second=1.0, frames_burst=1)
    taken.take(HELLO, now=0.0, is_welcomed=True)

    first = taken.take(SUBSCRIBE, now=0.0, is_welcomed=True)
    rest = [taken.take(SUBSCRIBE, now=0.0, is_welcomed=True) for _ in range(100)]

    assert (first.frame.code, first.code) == ("rate_limited", None)
    assert (first.frame.id, first.frame.retry_after) == ("1", 1.0)
    assert [refusal.code for refusal in rest] == [None] * 99 + [CloseCode.RATE]


def test_s34_who_keeps_exceeding_the_rate_is_closed_even_if_some_frames_are_taken():
    """Not quite twice the rate can go on for ever; three times the rate cannot."""
    ends = []
    for speed in (1.8, 3.0):
        taken = intake(frames_per_second=10.0, frames_burst=10)
        refusals = [
            taken.take(SUBSCRIBE, now=number / (10.0 * speed), is_welcomed=True)
            for number in range(2000)
        ]
        ends.append(CloseCode.RATE in [getattr(one, "code", None) for one in refusals])

    assert ends == [False, True]


@pytest.mark.parametrize(
    ("data", "named"),
    [
        (b'{"frame":"zap","id":"7"}', "7"),
        (
            b'{"id":"7","frame":"send","more":[[[[[[[[[[[[[[[[[[[[]]]]]]]]]]]]]]]]]]]]}',
            "7",
        ),
        (b'{"id":' + b"[" * 1000 + b"]" * 1000 + b"}", None),
        (b'{"id":"' + b"x" * 65 + b'"}', None),
        (b'{"id":null}', None),
        (b"[" * 100_000, None),
        (b"{", None),
        ("\ud800", None),
        (b'{"id":"7","text":"' + b"x" * 2000 + b'"}', None),
    ],
)
def test_of_a_frame_beyond_the_rate_nothing_is_read_but_its_name(data, named):
    """And of one beyond the size not even that."""
    taken = intake(frames_burst=1, frame_bytes=2000)
    taken.take(HELLO, now=0.0, is_welcomed=True)

    refusal = taken.take(data, now=0.0, is_welcomed=True)

    assert (refusal.frame.code, refusal.frame.id) == ("rate_limited", named)


def test_a_rate_that_is_exceeded_before_the_welcome_ends_it():
    taken = intake(frames_per_second=1.0, frames_burst=1)
    taken.take(HELLO, now=0.0, is_welcomed=False)

    assert taken.take(HELLO, now=0.0, is_welcomed=False).code is CloseCode.RATE
