"""S33, S34, S37 and S60: one who takes all there is, and the others who are served."""

import contextlib
import time

import pytest

from tests.support.raw import frame, handshake
from tests.support.served import WITHIN, Served

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]

MEBIBYTE = 1024 * 1024


def shake(served, address, name="eve"):
    """Shake hands as if through a proxy; return the peer, status and headers."""
    peer = served.peer()
    came = [("X-Forwarded-For", f"{address}"), served.bearer(name)]
    status, headers, _ = peer.open(headers=came)
    return peer, status, headers


@pytest.fixture(scope="module")
def proxied(tmp_path_factory):
    """A server that believes one proxy, which every test here plays."""
    data = tmp_path_factory.mktemp("proxied")
    with Served(
        data,
        ["ada", "eve"],
        arguments=("--trusted-hops", "1"),
        settings={"connections_per_address": 12, "handshakes_per_address": 5.0},
    ) as served:
        yield served
        assert served.server.errors() == []


def test_s33_an_address_has_only_so_many_connections(proxied):
    """And gets a place back with each that it gives up."""
    opened = [shake(proxied, "198.51.100.7") for _ in range(12)]
    refused, status, headers = shake(proxied, "198.51.100.7")
    other, elsewhere, _ = shake(proxied, "198.51.100.8", "ada")
    # What a client writes into the header itself stands further left.
    forged, still_refused, _ = shake(proxied, "203.0.113.5, 198.51.100.7")
    opened[0][0].close()
    statuses = [status]
    deadline = time.monotonic() + WITHIN
    while statuses[-1] != 101 and time.monotonic() < deadline:
        peer, again, waits = shake(proxied, "198.51.100.7")
        statuses.append(again)
        peer.close()
        time.sleep(min(1.0, float(waits.get("retry-after", 0))))
    for peer in (refused, other, forged, *(one for one, _, _ in opened)):
        peer.close()

    assert {one for _, one, _ in opened} == {101}
    assert (status, still_refused) == (429, 429)
    assert int(headers["retry-after"]) >= 1
    assert elsewhere == 101
    assert statuses[-1] == 101


def test_s33_an_address_shakes_hands_only_so_often(proxied):
    """A thousand at once, each closed again; others are let in meanwhile."""
    statuses = []
    for number in range(1000):
        peer, status, _ = shake(proxied, "2001:db8:1:2::1")
        peer.close()
        statuses.append(status)
        if number == 500:
            # The second half of an IPv6 address is anybody's to choose.
            neighbour, same, _ = shake(proxied, "2001:db8:1:2:ffff::9")
            honest, other, _ = shake(proxied, "2001:db8:1:3::1", "ada")
            neighbour.close()
            honest.close()

    assert set(statuses) == {101, 429}
    # Twenty at once, and five a second.
    assert statuses[:20].count(101) >= 12
    assert statuses.count(101) < 200
    assert (same, other) == (429, 101)


def test_s33_a_user_has_twenty_connections_and_the_oldest_makes_way(proxied):
    devices = []
    for number in range(21):
        # From everywhere: it is the user who is counted.
        came = [("X-Forwarded-For", f"192.0.2.{number}")]
        devices.append(proxied.opened("ada", headers=came))
        devices[-1].hello()
    code, reason = devices[0].read_close()
    answers = [device.ask("unsubscribe", thread="x") for device in devices[1:]]
    for device in devices:
        device.close()

    assert code == 4409
    assert "retry_after" not in reason
    assert {answer["frame"] for answer in answers} == {"result"}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    with Served(tmp_path_factory.mktemp("floods"), ["ada", "eve"]) as served:
        yield served
        assert served.server.errors() == []


def test_s34_frames_beyond_the_rate_are_refused_by_name_and_then_end_it(served):
    """Ten thousand at once: sixty are answered, a hundred are refused."""
    one = frame('{"frame":"unsubscribe","id":"7","thread":"x"}')
    with served.device("eve") as eve, served.device("ada") as ada:
        taken = []
        try:
            for _ in range(100):
                eve.send(one * 100)
        except OSError:
            pass  # it has heard enough
        thread = ada.say("are you there?")["thread"]
        assert ada.answer_of(thread)["type"] == "agent_completed"
        with pytest.raises(ConnectionError):  # noqa: PT012 - reads to the end
            while True:
                frame_ = eve.next()
                if frame_.get("id") == "7":
                    taken.append(frame_)

    answered = [one for one in taken if one["frame"] == "result"]
    refused = [one for one in taken if one["frame"] == "error"]
    assert 55 <= len(answered) <= 80
    assert {one["code"] for one in refused} == {"rate_limited"}
    assert all(one["retryable"] and one["retry_after"] > 0 for one in refused)
    assert 100 <= len(refused) <= 140


def test_s34_who_comes_back_at_once_is_told_to_wait(served):
    """The close code says how long, for a page too."""
    with served.device("eve") as eve:
        eve.send(frame('{"frame":"pong"}') * 170)
        code, reason = eve.read_close()

    assert code == 4429
    assert float(reason.split()[0].partition("=")[2]) >= 1.0


def test_s34_a_flood_before_the_welcome_ends_at_once(served):
    """Nobody is known yet, and each frame that waits costs memory."""
    hello = frame('{"frame":"hello","device":"d"}')
    one = frame('{"frame":"unsubscribe","id":"7","thread":"x"}')
    with served.peer() as eve:
        # Within the rate, and in one segment: more than may wait.
        head = handshake(f"127.0.0.1:{served.port}", headers=[served.bearer("eve")])
        eve.send(head + hello + one * 40)
        assert eve.read_head()[0] == 101
        codes = [eve.read_close()[0]]
    with served.peer() as stranger:
        assert stranger.open()[0] == 101
        stranger.send(one * 500)
        codes.append(stranger.read_close()[0])

    assert codes[0] == 4429
    assert codes[1] in (4400, 4429)


USERS, EACH = 11, 19
# Of one who does not read: `snapshot_bytes`, and what goes with it.
MOST = 5 * MEBIBYTE // 4


@pytest.fixture
def crowded(tmp_path):
    """People with as many connections as they may have, and one who is honest.

    A server for each test: what one makes a process keep would hide the next.
    """
    names = ["ada", *(f"eve{number}" for number in range(USERS))]
    settings = {"send_within": 4.0, "stalled_after": 2.0, "limits": {"lost_after": 8.0}}
    with Served(tmp_path, names, settings=settings) as served:
        served.serves("ada")
        yield served
        assert served.server.errors() == []


class Crowd:
    """Connections that take four kilobytes, and no more, of whatever comes."""

    def __init__(self, served, users):
        self.served = served
        self.sockets = served.open_sockets()
        self.stuck = []
        self.threads = []
        self.before = self.peak = served.resident_bytes()
        for number in range(users):
            with served.device(f"eve{number}") as talker:
                self.threads.append(talker.say("first")["thread"])
            for _ in range(EACH):
                device = served.opened(f"eve{number}", receive_buffer=4096)
                device.put("hello", device="stuck", threads=self.threads[-1:])
                self.stuck.append((device, self.threads[-1]))

    def look(self):
        self.peak = max(self.peak, self.served.resident_bytes())

    def bytes_each(self):
        """Wait until they were let go of; return how much each cost at most."""
        deadline = time.monotonic() + WITHIN
        while self.served.open_sockets() > self.sockets:
            self.look()
            assert time.monotonic() < deadline, "they are kept for ever"
            time.sleep(0.02)
        for device, _ in self.stuck:
            device.close()
        return (self.peak - self.before) / len(self.stuck)


def test_s37_two_hundred_who_do_not_read_cost_little_and_nobody_else(crowded):
    """Each is sent more than two megabytes."""
    crowd = Crowd(crowded, USERS)
    for number, thread in enumerate(crowd.threads):
        with crowded.device(f"eve{number}") as talker:
            talker.say("flood 300 8000", thread=thread)
        crowd.look()
    # Somebody who reads gets all of it meanwhile.
    with crowded.device("ada") as ada:
        thread = ada.say("first")["thread"]
        assert ada.answer_of(thread)["type"] == "agent_completed"
        ada.say("flood 300 8000", thread=thread)
        assert ada.end_of(thread)["length"] == 300 * 8000

    assert crowd.bytes_each() < MOST
    assert crowded.serves("ada")


def test_s37_who_asks_for_snapshots_and_does_not_read_them_costs_no_more(crowded):
    """An answer must not be dropped, so it is not made before there is room."""
    users = 5
    crowd = Crowd(crowded, users)
    for number in range(users):
        with crowded.device(f"eve{number}") as talker:
            talker.say("flood 50 8000", thread=crowd.threads[number])
            talker.answer_of(crowd.threads[number])
    # As often as is allowed, so that each is carried out before the next.
    deadline = time.monotonic() + WITHIN
    while crowded.open_sockets() > crowd.sockets:
        assert time.monotonic() < deadline, "they are kept for ever"
        for device, thread in crowd.stuck:
            with contextlib.suppress(OSError):  # it was let go of already
                device.put("resume", log=f"thread:{thread}")
        crowd.look()
        time.sleep(0.05)

    assert crowd.bytes_each() < MOST
    assert crowded.serves("ada")


HONEST, QUEUED = 50, 100


def test_s60_who_queues_a_hundred_waits_for_those_who_ask_once(tmp_path):
    """Two runs at a time; whose turn it was is written down by the agent."""
    names = ["eve", *(f"user{number}" for number in range(HONEST))]
    gates = tmp_path / "gates"
    gates.mkdir()
    settings = {"runs_at_once": 2, "frames_burst": 200, "finish_within": 0.1}
    with Served(
        tmp_path / "data",
        names,
        settings=settings,
        environment={"GATES": str(gates)},
    ) as served:
        with served.device("eve") as eve:
            for number in range(QUEUED):
                eve.put(
                    "send",
                    id=f"{number}",
                    client_message_id=f"m{number}",
                    text="wait x",
                )
            for number in range(QUEUED):
                assert eve.take("result", id=f"{number}")["run"]
            # All that she may have waits; one more is refused, for now.
            more = [eve.ask("send", client_message_id=f"n{n}", text="w") for n in "abc"]
        honest = [served.opened(name) for name in names[1:]]
        for device in honest:
            device.hello()
            device.put("subscribe", id="s", thread=device.say("wait x")["thread"])
        (gates / "x").touch()
        for device in honest:
            # Whatever thread it is: it has one.
            while device.next().get("event", {}).get("type") != "agent_completed":
                pass
            device.close()
        deadline = time.monotonic() + WITHIN
        while len(turns := (gates / "turns").read_text().split()) < HONEST + QUEUED:
            assert time.monotonic() < deadline, turns
            time.sleep(0.02)
        assert served.server.errors() == []

    assert more[-1]["code"] == "rate_limited"
    assert len(turns) == HONEST + QUEUED
    last = max(place for place, name in enumerate(turns) if name != "eve")
    # She has about one turn for each of theirs, and what was under way before.
    assert turns[: last + 1].count("eve") <= HONEST + 10
    assert turns[last + 1 :].count("eve") >= QUEUED - HONEST - 10
