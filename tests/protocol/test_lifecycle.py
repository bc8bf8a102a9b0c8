import itertools

import pytest

from goldenpath.errors import LocalProtocolError
from goldenpath.protocol._close_codes import CloseCode
from goldenpath.protocol._lifecycle import (
    TRANSITIONS,
    Effect,
    Lifecycle,
    Signal,
    State,
)

TIMES = {
    "hello_within": 5.0,
    "authenticated_within": 3.0,
    "welcome_within": 5.5,
    "ping_every": 20.0,
    "silent_after": 45.0,
    "drain_within": 4.0,
    "close_within": 2.0,
}
TO_OPEN = (Signal.GREETED, Signal.IDENTIFIED, Signal.WELCOMED)
REACH = {
    State.GREETING: (),
    State.IDENTIFYING: TO_OPEN[:1],
    State.REPLAYING: TO_OPEN[:2],
    State.OPEN: TO_OPEN,
    State.DRAINING: (*TO_OPEN, Signal.DRAIN),
    State.CLOSING: (Signal.DRAIN,),
    State.CLOSED: (Signal.LOST,),
}


def lifecycle(*signals, now=0.0):
    life = Lifecycle(now=now, **TIMES)
    for signal in signals:
        life.handle(signal, now=now)
    return life


def in_state(state):
    life = lifecycle(*REACH[state])
    assert life.state is state
    return life


class TestTable:
    def test_every_state_has_a_row(self):
        assert list(TRANSITIONS) == list(State)

    @pytest.mark.parametrize("state", State)
    def test_a_peer_may_be_lost_in_every_state(self, state):
        """And then nothing is left to do: no close, no log above INFO."""
        assert TRANSITIONS[state][Signal.LOST] == (State.CLOSED, ())

    @pytest.mark.parametrize("state", State)
    def test_the_server_may_close_or_drain_in_every_state(self, state):
        assert {Signal.CLOSE, Signal.DRAIN} <= set(TRANSITIONS[state])

    def test_open_is_reached_by_the_welcome_alone(self):
        """Not from greeting, not from identifying: nobody reads before being known."""
        ways = [
            (state, signal)
            for state, row in TRANSITIONS.items()
            for signal, (target, _) in row.items()
            if target is State.OPEN
        ]
        assert ways == [(State.REPLAYING, Signal.WELCOMED)]

    def test_draining_is_reached_from_open_alone(self):
        ways = {
            state
            for state, row in TRANSITIONS.items()
            if any(target is State.DRAINING for target, _ in row.values())
        }
        assert ways == {State.OPEN, State.DRAINING}

    def test_closed_is_final(self):
        assert TRANSITIONS[State.CLOSED] == {
            Signal.DRAIN: (State.CLOSED, ()),
            Signal.CLOSE: (State.CLOSED, ()),
            Signal.LOST: (State.CLOSED, ()),
        }

    def test_from_closing_there_is_only_one_way(self):
        targets = {target for target, _ in TRANSITIONS[State.CLOSING].values()}
        assert targets == {State.CLOSING, State.CLOSED}

    def test_a_close_is_an_effect_exactly_where_closing_begins(self):
        """Twice would be two close frames; never would be a peer left hanging."""
        for state, row in TRANSITIONS.items():
            for target, effects in row.values():
                begins = target is State.CLOSING and state is not State.CLOSING
                assert (Effect.CLOSE in effects) == begins

    def test_a_client_is_asked_to_leave_exactly_where_draining_begins(self):
        for state, row in TRANSITIONS.items():
            for target, effects in row.values():
                begins = target is State.DRAINING and state is not State.DRAINING
                assert (Effect.ASK_TO_LEAVE in effects) == begins

    def test_no_state_goes_back(self):
        order = list(State)
        for state, row in TRANSITIONS.items():
            for target, _ in row.values():
                assert order.index(target) >= order.index(state)


def paths():
    moves = [*Signal, "heard", "tick"]
    for length in range(6):
        yield from itertools.product(moves, repeat=length)


def test_every_path_of_five_steps_and_then_silence_ends_closed():
    """Breadth first, so that the first failure is the shortest."""
    count = 0
    for path in paths():
        count += 1
        life, now = Lifecycle(now=0.0, **TIMES), 0.0
        reasons, closes = [], 0

        def note(effects, life=life, reasons=reasons):
            if Effect.CLOSE in effects:
                reasons.append(life.close_code)
            return effects.count(Effect.CLOSE)

        for step in path:
            now += 0.5
            state = life.state
            match step:
                case "heard":
                    life.heard(now=now)
                case "tick":
                    now = max(now, life.deadline() or now)
                    closes += note(life.tick(now=now))
                case Signal.CLOSE:
                    closes += note(life.close(CloseCode.BUG, now=now))
                case _ if step in TRANSITIONS[state]:
                    closes += note(life.handle(step, now=now))
                case _:
                    with pytest.raises(LocalProtocolError):
                        life.handle(step, now=now)
                    assert life.state is state
        for _ in range(6):
            if (deadline := life.deadline()) is None:
                break
            assert life.tick(now=deadline - 1e-6) == (), path
            now = max(now, deadline)
            effects = life.tick(now=now)
            assert effects, path
            closes += note(effects)

        assert life.state is State.CLOSED, path
        assert life.deadline() is None
        assert closes <= 1, path
        assert len(reasons) == closes
        assert not closes or life.close_code is reasons[0], path
        assert closes or life.close_code is None, path
    assert count == sum(8**length for length in range(6))


@pytest.mark.parametrize(
    ("state", "signal"),
    [
        (state, signal)
        for state in State
        for signal in Signal
        if signal not in TRANSITIONS[state]
    ],
)
def test_what_the_table_lacks_is_an_error_of_this_side(state, signal):
    life = in_state(state)
    with pytest.raises(
        LocalProtocolError, match=f"'{signal.value}' cannot happen while {state.value}"
    ):
        life.handle(signal, now=0.0)

    assert life.state is state


def test_the_straight_way():
    life = lifecycle()
    assert not life.is_welcomed
    for signal in TO_OPEN:
        assert life.handle(signal, now=1.0) == ()
    assert life.state is State.OPEN
    assert life.is_welcomed
    assert not life.is_over

    assert life.handle(Signal.DRAIN, now=2.0) == (Effect.ASK_TO_LEAVE,)
    assert life.is_welcomed
    assert life.close(CloseCode.MOVING, now=3.0) == (Effect.CLOSE,)
    assert life.is_over
    assert not life.is_welcomed
    assert life.handle(Signal.LOST, now=4.0) == ()
    assert life.state is State.CLOSED
    assert life.is_over


@pytest.mark.parametrize(
    ("state", "within", "code"),
    [
        (State.GREETING, 5.0, CloseCode.TIMEOUT),
        (State.IDENTIFYING, 3.0, CloseCode.UNAVAILABLE),
        (State.REPLAYING, 5.5, CloseCode.UNAVAILABLE),
        (State.OPEN, 45.0, CloseCode.TIMEOUT),
        (State.DRAINING, 4.0, CloseCode.MOVING),
    ],
)
def test_f07_who_dwells_too_long_is_closed_and_told_why(state, within, code):
    life = in_state(state)
    effects = life.tick(now=within - 0.01)
    assert effects == ((Effect.PING,) if state is State.OPEN else ())

    assert life.tick(now=within) == (Effect.CLOSE,)
    assert life.close_code is code
    assert life.deadline() == within + 2.0


def test_a_peer_that_does_not_answer_the_close_is_cut_off():
    life = lifecycle()
    life.close(CloseCode.VERSION, now=1.0)

    assert life.tick(now=2.9) == ()
    assert life.tick(now=3.0) == (Effect.ABORT,)
    assert life.state is State.CLOSED
    assert life.close_code is CloseCode.VERSION


@pytest.mark.parametrize("state", [State.GREETING, State.IDENTIFYING, State.REPLAYING])
def test_f51_who_has_nothing_to_carry_over_is_sent_away_at_once(state):
    life = in_state(state)
    assert life.handle(Signal.DRAIN, now=1.0) == (Effect.CLOSE,)
    assert life.close_code is CloseCode.MOVING


def test_draining_again_does_not_lengthen_it():
    life = in_state(State.DRAINING)
    life.handle(Signal.DRAIN, now=3.0)
    assert life.deadline() == 4.0


def test_the_first_reason_stands():
    life = in_state(State.OPEN)
    assert life.close(CloseCode.SESSION_ENDED, now=1.0) == (Effect.CLOSE,)
    assert life.close(CloseCode.BUG, now=1.5) == ()
    assert life.handle(Signal.DRAIN, now=1.6) == ()
    assert life.close_code is CloseCode.SESSION_ENDED
    assert life.deadline() == 3.0

    life.handle(Signal.LOST, now=2.0)
    assert life.close(CloseCode.RATE, now=2.0) == ()
    assert life.close_code is CloseCode.SESSION_ENDED


def test_who_was_lost_has_no_close_code():
    life = in_state(State.OPEN)
    life.handle(Signal.LOST, now=1.0)
    assert life.close(CloseCode.BUG, now=2.0) == ()
    assert life.close_code is None


class TestHeartbeat:
    def test_f23_pings_come_at_their_interval(self):
        life = in_state(State.OPEN)
        pings = []
        for now in (20.0, 25.0, 40.0):
            assert life.deadline() == (20.0 if now == 20.0 else 40.0)
            if life.tick(now=now) == (Effect.PING,):
                pings.append(now)
            life.heard(now=now)
        assert pings == [20.0, 40.0]

    def test_f16_silence_ends_it_and_anything_heard_does_not(self):
        life = in_state(State.OPEN)
        life.tick(now=20.0)
        life.heard(now=30.0)
        life.tick(now=40.0)
        life.tick(now=60.0)
        assert life.deadline() == 75.0
        assert life.tick(now=74.9) == ()
        assert life.tick(now=75.0) == (Effect.CLOSE,)
        assert life.close_code is CloseCode.TIMEOUT

    def test_where_both_are_due_silence_wins(self):
        """A ping to somebody who is lost helps nobody."""
        life = in_state(State.OPEN)
        assert life.tick(now=99.0) == (Effect.CLOSE,)

    def test_a_welcome_that_took_its_time_does_not_count_as_silence(self):
        life = Lifecycle(now=0.0, **TIMES)
        life.heard(now=0.0)
        for signal in TO_OPEN:
            life.handle(signal, now=50.0)
        assert life.deadline() == 70.0
        assert life.tick(now=70.0) == (Effect.PING,)

    def test_f56_who_stood_still_has_asked_nothing_and_first_does_so(self):
        life = in_state(State.OPEN)
        life.stood_still(60.0)
        assert life.tick(now=80.0) == (Effect.PING,)
        assert life.tick(now=104.9) == (Effect.PING,)
        assert life.tick(now=105.0) == (Effect.CLOSE,)

    def test_nothing_is_sent_before_the_welcome(self):
        for state in (State.GREETING, State.IDENTIFYING, State.REPLAYING):
            assert Effect.PING not in in_state(state).tick(now=20.0)


class TestRotation:
    """A host that cuts every request after an hour must never get to do it."""

    def aged(self, *, now=0.0):
        life = Lifecycle(now=0.0, rotate_after=100.0, rotate_within=15.0, **TIMES)
        for signal in TO_OPEN:
            life.handle(signal, now=now)
        return life

    def live_until(self, life, end):
        """Let time pass as a connection does whose peer answers every ping."""
        effects, now = [], 0.0
        while (now := life.deadline()) <= end:
            life.heard(now=now)
            effects += life.tick(now=now)
        return effects

    def test_f57_an_old_connection_is_asked_to_leave_and_then_closed_as_moving(self):
        life = self.aged()
        before = self.live_until(life, 99.9)
        assert set(before) == {Effect.PING}
        assert life.state is State.OPEN

        assert life.tick(now=100.0) == (Effect.ASK_TO_LEAVE,)
        assert life.state is State.DRAINING
        assert life.leaves_for_age
        assert life.deadline() == life.leave_by == 115.0
        assert life.tick(now=115.0) == (Effect.CLOSE,)
        assert life.close_code is CloseCode.MOVING

    def test_its_age_counts_from_the_handshake_and_not_from_the_welcome(self):
        """So does the host's clock."""
        assert self.live_until(self.aged(now=4.0), 100.0)[-1] is Effect.ASK_TO_LEAVE

    def test_a_stop_leaves_an_old_connection_less_time(self):
        life = self.aged()
        self.live_until(life, 100.0)
        life.handle(Signal.DRAIN, now=101.0)
        assert life.leave_by == 105.0

    def test_an_age_does_not_prolong_a_stop(self):
        life = self.aged()
        self.live_until(life, 98.0)
        life.handle(Signal.DRAIN, now=98.0)
        assert life.leave_by == 102.0
        assert life.tick(now=100.0) == ()
        assert not life.leaves_for_age

    def test_without_a_limit_nothing_is_ever_too_old(self):
        life = lifecycle(*TO_OPEN)
        assert set(self.live_until(life, 1e5)) == {Effect.PING}
