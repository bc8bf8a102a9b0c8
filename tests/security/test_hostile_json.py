"""S39: JSON that is deep, wide, endless, ambiguous or no JSON, through every door."""

import json

import pytest

from tests.support.raw import BINARY, frame
from tests.support.served import Served

pytestmark = pytest.mark.process

LIMIT = 256 * 1024
SEND = '{"frame":"send","id":"1","client_message_id":"%s","text":"%s"}'
ANSWER = '{"frame":"answer","id":"1","run":"r","call":"c","value":%s}'
HELLO = '{"frame":"hello","device":"d","x":%s}'
BODY = '{"name":"eve","password":"x","title":"t","x":%s}'
ROOM = LIMIT - len(ANSWER)


def filled(piece, *, before="", after="", room=ROOM):
    """Return as many pieces as fit into a value."""
    return before + piece * ((room - len(before) - len(after)) // len(piece)) + after


# What becomes of a value, for a run that does not exist.
VALUES = {
    "deep arrays": (filled("["), "too_deep"),
    "deep objects": (filled('{"a":'), "too_deep"),
    "deep and closed": ("[" * 100_000 + "]" * 100_000, "too_deep"),
    "deep in a key that is not known": ('1,"x":' + "[" * 50 + "]" * 50, "too_deep"),
    "wide": (filled("[],", before="[", after="[]]"), "too_deep"),
    "wide objects": (filled("{},", before="[", after="{}]"), "too_deep"),
    "many numbers": (filled("1,", before="[", after="1]", room=180_000), "not_found"),
    "many texts": (filled('"",', before="[", after="1]", room=180_000), "not_found"),
    "many keys": (
        "{" + ",".join(f'"{number}":1' for number in range(20_000)) + "}",
        "not_found",
    ),
    "the same key again and again": (
        filled('"a":1,', before="{", after='"a":2}'),
        "not_found",
    ),
    "an integer of 250,000 digits": ("9" * 250_000, "bad_message"),
    "an integer of 4,301 digits": ("9" * 4301, "bad_message"),
    "a fraction of 250,000 digits": ("0." + "3" * 250_000, "not_found"),
    "an exponent that is too large": ("1e999", "bad_message"),
    "an exponent that is far too large": ("1e999999999999", "bad_message"),
    "an exponent that is far too small": ("1e-999999999999", "not_found"),
    "not a number": ("NaN", "bad_message"),
    "infinity": ("-Infinity", "bad_message"),
    "nothing but escapes": (filled("\\u0001", before='"', after='"'), "too_large"),
    "backslashes": (filled("\\\\", before='"', after='"'), "too_large"),
    "escapes that are harmless": (
        filled("\\u0041", before='"', after='"'),
        "not_found",
    ),
    "a text without an end": (filled("x", before='"'), "bad_message"),
    "half a surrogate pair": ('"\\ud800"', "bad_message"),
    "NUL": ('"\\u0000"', "not_found"),
    "a comment": ("1 /* */", "bad_message"),
    "something behind it": ("1}{", "bad_message"),
}


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    data = tmp_path_factory.mktemp("json")
    many = {"frames_burst": 10_000, "login_attempts": 10_000}
    with Served(data, ["ada", "eve"], settings=many) as served:
        yield served
        # None of it is an error of the server's.
        assert served.server.errors() == []


@pytest.mark.parametrize("opcode", [1, BINARY], ids=["text", "binary"])
@pytest.mark.parametrize("what", VALUES)
def test_s39_a_bomb_costs_its_sender_an_error_and_nobody_anything_else(
    served, what, opcode
):
    value, code = VALUES[what]
    with served.device("eve") as eve:
        eve.send(frame(ANSWER % value, opcode=opcode))
        error = eve.take("error")
        assert eve.ask("unsubscribe", thread="x")["frame"] == "result"

    assert error["code"] == code
    assert len(json.dumps(error)) < 500


@pytest.mark.parametrize("what", VALUES)
def test_s39_before_the_hello_it_costs_the_connection(served, what):
    value, _ = VALUES[what]
    with served.peer() as stranger:
        stranger.open()
        stranger.send(frame(HELLO % value))
        code, reason = stranger.read_close()

    # As a hello it may be fine: then nobody is logged in.
    assert code in (1009, 4400, 4401)
    assert len(reason) < 123


@pytest.mark.parametrize("what", VALUES)
@pytest.mark.parametrize("path", ["/login", "/threads", "/ws/ticket"])
def test_s39_so_it_does_as_the_body_of_a_request(served, path, what):
    """Of what fits there: nobody has to be logged in to send it."""
    value, _ = VALUES[what]
    most = 16 * 1024 - 100
    for cut in (value[:most], value[:most] + "]" * 40):
        body = BODY % cut
        with served.peer() as peer:
            lines = (
                f"POST {path} HTTP/1.1",
                "Host: h",
                "Content-Type: application/json",
                f"Content-Length: {len(body)}",
                ": ".join(served.bearer("eve")),
                "",
                body,
            )
            peer.send("\r\n".join(lines).encode())
            status, _, answer = peer.read_head()

        assert status in (200, 201, 400, 401, 413)
        assert len(answer) < 500


@pytest.mark.parametrize("size", [30_000, 33_000, (ROOM - 20) // 6])
def test_s39_a_message_of_nothing_but_escapes_does_not_outgrow_its_readers(
    served, size
):
    """Six bytes for each character: the event is larger than the message was."""
    with served.device("eve") as eve:
        eve.send(frame(SEND % (f"escapes{size}", "\\u0001" * size)))
        if size == 30_000:
            # The message itself may come before the answer to what sent it, or after.
            sizes = []
            while b"agent_completed" not in (payload := eve.read_frame()[1]):
                sizes.append(len(payload))
                seen = json.loads(payload)
                if seen["frame"] == "result" and seen["id"] == "1":
                    eve.put("subscribe", id="s", thread=seen["thread"])
            assert max(sizes) > 6 * size
            assert max([*sizes, len(payload)]) <= LIMIT
        else:
            assert eve.take("error", id="1")["code"] == "too_large"


def test_s39_an_answer_may_not_outgrow_its_readers_either(served):
    with served.device("eve") as eve, served.device("eve") as reader:
        sent = eve.say("ask")
        reader.follow(sent["thread"])
        call = reader.event_of(sent["thread"], "input_requested")["call"]
        asked = {"run": sent["run"], "call": call}
        large = eve.ask("answer", **asked, value="x" * 200_000)
        fine = eve.ask("answer", **asked, value=["x" * 150_000])
        received = reader.event_of(sent["thread"], "input_received")

    assert large["code"] == "too_large"
    assert fine["frame"] == "result"
    assert received["value"] == ["x" * 150_000]


def test_s39_of_two_kinds_or_two_values_one_counts_for_everybody(served):
    """A filter in front might have read the other."""
    with served.device("eve") as eve:
        eve.send(frame('{"frame":"pong","frame":"send","id":"1","text":"x"}'))
        refused = eve.take("error")
        twice = SEND % ("dup", "first")
        eve.send(frame(twice[:-1] + ',"text":"second"}'))
        thread = eve.take("result", id="1")["thread"]
        said = eve.answer_of(thread)

    assert refused["code"] == "bad_message"
    assert said["text"] == "second"
