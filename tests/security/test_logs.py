"""S46 and S49: what reaches a log forges no line, tells no secret, breaks nothing."""

import contextlib
import io
import itertools
import json
import logging
import re

import hypothesis
import hypothesis.strategies as st
import pytest

from goldenpath.cli import _logging
from goldenpath.cli._logging import JSONLine, TextLine
from tests.support.raw import RawPeer, frame
from tests.support.served import Served
from tests.support.server import PASSWORD

LINE = re.compile(
    r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d,\d{3} (DEBUG|INFO|WARNING|ERROR) [\w.]+ .+"
)
FIELDS = {"time", "severity", "logger", "message", "exception", "audit"}
AUDIT = {"event", "user", "session", "address", "origin", "why"}
# What a line would have to begin with to be taken for one of ours, and what a
# terminal would obey.
FORGED = (
    "\r\n2030-01-01 00:00:00,000 ERROR goldenpath.audit forged \x1b[2J\x9b31m\u202e"
)


class Mole:
    """Puts secrets, and what would forge a line, wherever somebody can write."""

    def __init__(self, served):
        self.served = served
        self.secrets = [PASSWORD, *served.tokens.values()]

    def secret(self):
        """Make one up."""
        self.secrets.append(f"planted{len(self.secrets):02}secret")
        return self.secrets[-1]

    def plant(self):
        """Return a secret in front of a forged line, as text."""
        return self.secret() + FORGED

    def ask(self, method, path, body=None, *headers):
        """Make a request, with whatever headers."""
        return self.served.request(method, path, body, headers=headers)

    def log_in(self):
        for body in (
            {"name": "ada", "password": PASSWORD},
            {"name": "ada", "password": self.plant()},
            {"name": self.plant(), "password": self.plant()},
            {"name": [self.plant()], "password": 1},
            [self.plant()],
        ):
            status, headers, _ = self.ask("POST", "/login", body)
            if status == 200:
                cookie = headers["set-cookie"].partition(";")[0].partition("=")[2]
        # A head is lower case in the reader, and so is what is looked for.
        self.secrets.append(cookie)

    def use_http(self):
        ada = self.served.bearer("ada")
        self.ask("GET", "/threads", None, ("Authorization", f"Bearer {self.secret()}"))
        self.ask("GET", "/threads", None, ("Cookie", f"goldenpath={self.secret()}"))
        self.ask("GET", "/threads", None, ("X-Api-Key", self.secret()), ada)
        origin = ("Origin", f"https://{self.secret()}\x9b31m\x85.test")
        self.ask("POST", "/ws/ticket", {}, origin, ("Cookie", "goldenpath=x"))
        self.ask("POST", "/threads", {"title": self.plant()}, ada)
        self.ask("POST", "/threads", {"title": [self.plant()]}, ada)
        self.ask("POST", "/threads?token=" + self.secret(), {}, ada)
        path = "/threads/%0d%0a2030-01-01%2000:00:00,000%20ERROR%20x%20forged%1b[2J"
        self.ask("GET", f"{path}/history?token=x", None, ada)
        self.ask("DELETE", path, None, ada)
        for line in (
            "GET /threads?token={} HTTP/9.9\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\nAuthorization : Bearer {}\r\n\r\n",
            "GET / HTTP/1.1\r\nHost: h\r\nContent-Length: {}\r\n\r\n",
            "{}\r\n\r\n",
        ):
            with RawPeer(self.served.port) as peer, contextlib.suppress(OSError):
                peer.send(line.format(self.plant()).encode())
                peer.read_to_end()

    def ticket(self):
        _, _, body = self.ask("POST", "/ws/ticket", {}, self.served.bearer("ada"))
        self.secrets.append(json.loads(body)["ticket"])
        return self.secrets[-1]

    def use_websockets(self):
        for subprotocol in (f"goldenpath.v1, {self.secret()}", self.secret()):
            with self.served.peer() as peer:
                peer.open(subprotocol=subprotocol)
        for ticket in (self.ticket(), self.plant()[:200]):
            with self.served.peer() as peer:
                # The audit log says which page brought a ticket that is not its own.
                peer.open(headers=[("Origin", "https://\x9b31m\x85.test")])
                peer.put("hello", device=self.plant()[:120], ticket=ticket)
                with contextlib.suppress(ConnectionError):
                    peer.take("welcome")
        with self.served.device("ada") as device:
            device.ask("authenticate", ticket=self.ticket())
            device.ask("authenticate", ticket=self.plant()[:200])
            text = self.plant()
            thread = device.say(text, client_message_id=self.plant()[:120])["thread"]
            device.answer_of(thread)
            asking = device.say("ask", thread=thread)["run"]
            call = device.event_of(thread, "input_requested")["call"]
            device.ask("answer", run=asking, call=call, value=self.plant())
            device.end_of(thread)
            for kind, fields in (
                ("subscribe", {"thread": self.plant()[:120]}),
                ("cancel", {"run": self.plant()[:120]}),
                ("retry", {"run": self.plant()[:120]}),
                ("answer", {"run": "r", "call": self.plant()[:120], "value": 1}),
                ("send", {"text": self.plant(), "client_message_id": ""}),
                (self.plant(), {}),
            ):
                device.ask(kind, **fields)
            device.put("resume", log=self.plant())
            device.send(frame(self.plant()))
            device.send(frame(json.dumps({"frame": "send", "text": self.plant()})))
            device.ask("unsubscribe", thread="x")
            # An exception's text is the agent's own to choose.
            device.say("fail " + FORGED, thread=thread)
            device.end_of(thread)
            device.send(frame(self.secret().encode(), reserved=4))
            device.read_to_end()


@pytest.fixture(scope="module", params=["text", "json"])
def wrote(request, tmp_path_factory):
    """All that a server wrote that was told everything, and whatever was a secret."""
    data = tmp_path_factory.mktemp(request.param)
    arguments = ("--log-format", request.param)
    with Served(data, ["ada"], log_level="debug", arguments=arguments) as served:
        mole = Mole(served)
        mole.log_in()
        mole.use_http()
        mole.use_websockets()
        served.server.process.terminate()
        assert served.server.process.wait(30) == 0
        return request.param, served.server.log_path.read_bytes(), mole.secrets


@pytest.mark.process
def test_s46_no_secret_is_anywhere_in_what_a_server_writes(wrote):
    """Passwords, tokens, tickets, and whatever people say; at debug level."""
    _, written, secrets = wrote
    folded = written.decode().lower()

    assert [secret for secret in secrets if secret.lower() in folded] == []
    assert len(set(secrets)) >= 30


@pytest.mark.process
def test_s46_each_line_is_a_record_and_nothing_else_is_written(wrote):
    log_format, written, _ = wrote
    lines = written.decode().splitlines()
    for line in lines:
        assert line.isprintable()
        assert not line.startswith("2030")
        if log_format == "text":
            assert LINE.fullmatch(line)
        else:
            fields = json.loads(line)
            assert fields.keys() <= FIELDS
            assert fields.get("audit", {}).keys() <= AUDIT
            assert not fields["time"].startswith("2030")
    # `splitlines` knows more ends of lines than a log collector.
    assert len(lines) == written.count(b"\n")
    text = written.decode()
    # What was tried is there, as something that can be read.
    assert "login_refused" in text
    assert r"\u009b31m\u0085" in text.replace("\\\\", "\\")
    assert "the agent of run" in text
    assert "RuntimeError: " in text
    assert len(lines) > 10


class Rude(Exception):
    """What a value does when somebody wants to show it; also shows itself so."""

    def __init__(self, error, shown):
        super().__init__()
        self.error = error
        self.shown = shown

    def __str__(self):
        if self.error is not None:
            raise self.error("\nrude")
        return self.shown

    __repr__ = __str__

    def __format__(self, _spec):
        raise ZeroDivisionError


class Endless(list):
    def __repr__(self):
        return repr([self])


any_text = st.text(st.characters()) | st.sampled_from(
    ["%s", "%d %s", "%(a)s", "%", "%%", "%\x00", FORGED, "\ud800", "x" * 20_000]
)
errors = st.sampled_from(
    [
        None,
        ValueError,
        RecursionError,
        MemoryError,
        UnicodeError,
        StopIteration,
        OSError,
    ]
)
rude = st.builds(Rude, errors, any_text)
values = (
    any_text
    | rude
    | st.binary()
    | st.integers()
    | st.floats()
    | st.none()
    | st.lists(any_text | rude)
    | st.dictionaries(any_text, rude)
    | st.builds(Endless)
    | st.builds(object)
)


@st.composite
def exceptions(draw):
    """Draw an exception that was raised, with whatever is behind it."""
    made = [
        draw(rude | st.builds(ValueError, any_text) | st.builds(KeyError, values))
        for _ in range(draw(st.integers(1, 3)))
    ]
    for one, other in itertools.pairwise(made):
        one.__cause__ = other
    if draw(st.booleans()):
        made[-1].__context__ = made[0]  # round and round
    error = draw(st.sampled_from([made[0], ExceptionGroup("several", made)]))
    with contextlib.suppress(Exception):
        raise error
    return error


@hypothesis.given(
    message=values,
    arguments=st.lists(values, max_size=3).map(tuple) | st.dictionaries(any_text, rude),
    error=st.none() | exceptions(),
    name=any_text,
    more=st.dictionaries(st.sampled_from(["audit", "password", "x"]), values),
)
@hypothesis.settings(suppress_health_check=list(hypothesis.HealthCheck))
def test_s49_whatever_is_logged_becomes_one_line(
    capsys, message, arguments, error, name, more
):
    """Python prints a traceback with all the arguments where a text fails."""
    info = (type(error), error, error.__traceback__) if error is not None else None
    for formatter in (TextLine(), JSONLine()):
        written = io.StringIO()
        handler = _logging._Lines(written)
        handler.setFormatter(formatter)
        record = logging.LogRecord(
            "goldenpath.audit", logging.INFO, "f", 1, "", (), info
        )
        record.msg, record.args, record.name = message, arguments, name
        record.__dict__.update(more)
        handler.handle(record)
        handler.close()
        line = written.getvalue().removesuffix("\n")

        assert line.isprintable()
        assert len(line) < 20_000
        if isinstance(formatter, JSONLine):
            assert json.loads(line).keys() <= FIELDS
    assert capsys.readouterr() == ("", "")


def test_s49_logging_goes_on_after_a_value_that_cannot_be_shown():
    """And says what can be said of it."""
    written = io.StringIO()
    handler = _logging._Lines(written)
    handler.setFormatter(TextLine())
    for message, arguments in (
        ("before %s", (Rude(ValueError, ""),)),
        ("too many %s", ("a", "b")),
        ("after", ()),
    ):
        handler.handle(logging.LogRecord("x", 20, "f", 1, message, arguments, None))

    lines = written.getvalue().splitlines()
    assert [line.partition(" INFO x ")[2] for line in lines] == [
        "before %s <Rude without a text>",
        "too many %s a b",
        "after",
    ]
