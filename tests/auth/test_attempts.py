import pytest

from goldenpath.auth._attempts import LoginAttempts, network_of

VICTIM = "203.0.113.1"
THIEF = "198.51.100.7"


@pytest.fixture
def attempts():
    return LoginAttempts(at_once=5, refill_every=12.0)


def spend_all(attempts, name, address, *, now):
    """Try until it must wait; return how often it need not."""
    for count in range(1000):
        if attempts.spend(name, address, now=now) > 0.0:
            return count
    raise AssertionError("it never must wait")


def test_five_attempts_then_one_every_twelve_seconds(attempts):
    """S26: 7,200 guesses a day, instead of millions."""
    assert spend_all(attempts, "ada", THIEF, now=0.0) == 5
    assert attempts.spend("ada", THIEF, now=0.0) == 12.0
    assert attempts.spend("ada", THIEF, now=5.0) == 7.0
    assert attempts.spend("ada", THIEF, now=12.0) == 0.0
    assert attempts.spend("ada", THIEF, now=12.0) == 12.0
    assert spend_all(attempts, "ada", THIEF, now=1000.0) == 5


def test_waiting_as_told_is_enough_and_a_moment_less_is_not(attempts):
    spend_all(attempts, "ada", THIEF, now=0.1)
    wait = attempts.spend("ada", THIEF, now=0.3)

    assert attempts.spend("ada", THIEF, now=0.3 + wait - 0.01) > 0.0
    assert attempts.spend("ada", THIEF, now=0.3 + wait + 1e-9) == 0.0


def test_an_attempt_that_must_wait_costs_nothing(attempts):
    spend_all(attempts, "ada", THIEF, now=0.0)
    for _ in range(100):
        attempts.spend("ada", THIEF, now=1.0)

    assert attempts.spend("ada", THIEF, now=12.0) == 0.0


def test_nobody_can_lock_out_somebody_elsewhere(attempts):
    """S26: the victim's own attempts are untouched by any number of others."""
    for host in range(1, 255):
        spend_all(attempts, "ada", f"198.51.100.{host}", now=0.0)

    assert spend_all(attempts, "ada", VICTIM, now=0.0) == 5


def test_many_names_from_one_address_share_what_it_has(attempts):
    """Stuffing: one guess at each of a thousand names."""
    passed = sum(attempts.spend(f"user{n}", THIEF, now=0.0) == 0.0 for n in range(1000))

    assert passed == 20
    assert attempts.spend("another", THIEF, now=0.0) == 3.0
    assert attempts.spend("another", VICTIM, now=0.0) == 0.0


def test_the_right_password_forgets_a_names_failures(attempts):
    for _ in range(4):
        attempts.spend("ada", VICTIM, now=0.0)
    attempts.spend("ada", VICTIM, now=0.0)
    attempts.give_back("ada", VICTIM, now=0.0)

    assert spend_all(attempts, "ada", VICTIM, now=0.0) == 5


def test_an_own_account_does_not_buy_guesses_at_others(attempts):
    """Logging in between guesses gives back only what logging in took."""
    guesses = 0
    for n in range(100):
        if attempts.spend("thief", THIEF, now=0.0) == 0.0:
            attempts.give_back("thief", THIEF, now=0.0)
        guesses += attempts.spend(f"user{n}", THIEF, now=0.0) == 0.0

    assert guesses == 20


def test_giving_back_never_makes_more_than_there_was(attempts):
    for _ in range(10):
        attempts.give_back("ada", VICTIM, now=0.0)

    assert spend_all(attempts, "ada", VICTIM, now=0.0) == 5
    assert sum(attempts.spend(f"n{n}", VICTIM, now=0.0) == 0.0 for n in range(99)) == 15


def test_a_clock_that_is_set_back_locks_nobody_out_for_long(attempts):
    spend_all(attempts, "ada", VICTIM, now=1_000_000.0)

    assert attempts.spend("ada", VICTIM, now=0.0) <= 12.0


def test_what_is_remembered_is_bounded_and_the_oldest_is_forgotten():
    attempts = LoginAttempts(at_once=5, refill_every=12.0, most_remembered=100)
    attempts.spend("kept", "10.0.0.2", now=0.0)
    spend_all(attempts, "old", "10.0.0.1", now=0.0)
    spend_all(attempts, "kept", "10.0.0.2", now=0.0)
    for n in range(99):
        attempts.spend("x", f"10.1.0.{n}", now=0.0)

    assert attempts.spend("kept", "10.0.0.2", now=0.0) > 0.0
    assert attempts.spend("old", "10.0.0.1", now=0.0) == 0.0
    for n in range(10_000):
        attempts.spend(f"user{n}", f"10.2.{n // 250}.{n % 250}", now=0.0)
    assert len(attempts._accounts._full_at) == 100
    assert len(attempts._addresses._full_at) == 100


def test_one_address_cannot_make_the_others_forgotten():
    """An address that must wait leaves no trace of the names it tries."""
    attempts = LoginAttempts(at_once=5, refill_every=12.0, most_remembered=100)
    spend_all(attempts, "ada", THIEF, now=0.0)
    for n in range(10_000):
        attempts.spend(f"user{n}", THIEF, now=0.0)

    assert attempts.spend("ada", THIEF, now=0.0) > 0.0
    assert len(attempts._accounts._full_at) == 16


@pytest.mark.parametrize(
    ("one", "other", "are_same"),
    [
        ("2001:db8::1", "2001:db8::ffff:1:2:3", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.1", "203.0.113.1", True),
        ("::ffff:203.0.113.1", "::ffff:203.0.113.2", False),
        ("203.0.113.1", "203.0.113.2", False),
        ("fe80::1%eth0", "fe80::2%eth1", True),
        ("testclient", "testclient", True),
        ("", "testclient", False),
    ],
)
def test_a_network_is_what_one_person_can_hardly_change(one, other, are_same):
    """An IPv6 customer has 2**64 addresses, and would have as many attempts."""
    assert (network_of(one) == network_of(other)) is are_same


def test_an_address_of_any_length_is_remembered_briefly():
    assert len(network_of("x" * 10_000)) == 64
