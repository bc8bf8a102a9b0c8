"""S48: whoever causes an error is told a code and a reference, and nothing else."""

import asyncio
import contextlib
import json
import re
import sqlite3

import hypothesis
import hypothesis.strategies as st
import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus

from goldenpath import Settings, WebSocketManager
from tests.security.conftest import Door
from tests.support.raw import frame
from tests.support.served import ENDS, Served
from tests.support.server import make_users

# What no answer may hold: where something is, and what went wrong in there.
DETAIL = re.compile(
    r"Traceback|File \\?\"|line \d+|/(srv|usr|home|work|tmp|opt)/|\.py\b|secret|SELECT"
    r"|sqlite|goldenpath\.\w|0x[0-9a-f]{6}|\w(Error|Exception)\b|<[\w.]+ object",
    re.IGNORECASE,
)
TEXT = 'File "/srv/app/secret.py", line 3, in SELECT password FROM users'


def errors():
    """Make one of each kind."""
    return [
        RuntimeError(TEXT),
        KeyError(TEXT),
        RecursionError(TEXT),
        sqlite3.OperationalError(TEXT),
        ExceptionGroup(TEXT, [UnicodeDecodeError("utf-8", b"x", 0, 1, TEXT)]),
    ]


@pytest.fixture(scope="module")
def door(tmp_path_factory):
    """One server in this process, to be put out of order, and in order again."""
    data = tmp_path_factory.mktemp("door")
    tokens = asyncio.run(make_users(data, "ada"))
    settings = Settings(data=data, delta_every=0.0)
    with Door(data, tokens, WebSocketManager(agent=agent, settings=settings)) as door:
        yield door


async def agent(message, ctx):
    """Fail, or have a tool that fails, in the way that the message says."""
    yield "so far"
    how, number = message.split()
    error = errors()[int(number)]
    if how == "tool":
        with contextlib.suppress(type(error)):
            async with ctx.tool("search"):
                raise error
    else:
        raise error


@pytest.fixture
def break_(door, monkeypatch):
    """Put one method of the server out of order: ``_threads.post``, for example."""

    def break_(place, error):
        owner = door.manager
        *path, name = place.split(".")
        for step in path:
            owner = getattr(owner, step)

        async def fail(*_arguments, **_named):
            raise error

        monkeypatch.setattr(owner, name, fail)

    return break_


def references(caplog):
    return re.findall(r"reference (\S+)$", caplog.text, re.MULTILINE)


HTTP = [
    ("GET", "/threads", None, "_threads.page"),
    ("POST", "/threads", {}, "_threads.create"),
    ("PATCH", "/threads/x", {"title": "t"}, "_threads.rename"),
    ("DELETE", "/threads/x", None, "_threads.delete"),
    ("GET", "/threads/x/history", None, "_log.may_read"),
    ("POST", "/ws/ticket", {}, "_authenticator.issue_ticket"),
    ("POST", "/logout", None, "_authenticator.logout"),
    ("POST", "/login", {"name": "a", "password": "b"}, "_authenticator.login"),
    ("GET", "/", None, "_authenticator.identify"),
]


@pytest.mark.parametrize(
    ("method", "path", "body", "place"), HTTP, ids=[f"{m} {p}" for m, p, _, _ in HTTP]
)
def test_s48_an_http_error_is_a_code_and_a_reference(
    door, break_, caplog, method, path, body, place
):
    headers = door.bearer() | {"Origin": door.url}
    for error in errors():
        caplog.clear()
        break_(place, error)
        response = door.ask(method, path, body, headers=headers)

        told = response.json()["error"]
        assert response.status_code == 500
        assert [told.pop("reference")] == references(caplog)
        assert told == {
            "code": "internal",
            "message": "the server failed",
            "retryable": False,
        }
        assert DETAIL.search(str(response.headers) + response.text) is None
        # Whoever looks for the reference finds what went wrong.
        assert "secret.py" in caplog.text


FRAMES = [
    ("subscribe", {"thread": "x"}, "_log.may_read"),
    ("send", {"client_message_id": "m", "text": "hi"}, "_threads.post"),
    ("cancel", {"run": "x"}, "_threads.cancel"),
    ("retry", {"run": "x"}, "_threads.retry"),
    ("answer", {"run": "x", "call": "c", "value": 1}, "_threads.answer"),
    ("authenticate", {"ticket": "x"}, "_authenticator.redeem_ticket"),
]


@pytest.mark.parametrize(
    ("kind", "fields", "place"), FRAMES, ids=[kind for kind, _, _ in FRAMES]
)
def test_s48_a_frame_that_fails_is_answered_with_a_code_and_a_reference(
    door, break_, caplog, kind, fields, place
):
    """Four in ten seconds cost nothing else; the fifth costs the connection."""
    with door.talking_as("ada") as phone:
        log = phone.hello()["log"]
        phone.take("live", log=log)
        for number, error in enumerate(errors()):
            break_(place, error)
            phone.put(kind, id=f"{number}", **fields)
            answer = phone.take("error", id=f"{number}")
            assert answer.pop("reference") in references(caplog)
            assert answer == {
                "frame": "error",
                "id": f"{number}",
                "code": "internal",
                "message": "the server failed",
                "retryable": True,
            }
        with pytest.raises(ConnectionClosed) as caught:  # noqa: PT012 - reads to it
            while True:
                assert DETAIL.search(phone.websocket.recv(30)) is None

    assert caught.value.rcvd.code == 4500
    assert DETAIL.search(caught.value.rcvd.reason) is None
    assert caplog.text.count("secret.py") >= 5


@pytest.mark.parametrize("which", range(5))
@pytest.mark.parametrize(
    ("place", "code"),
    [
        ("_authenticator.alive", 4503),
        ("_log.may_read", 1011),
        ("_log.heads", 1011),
    ],
)
def test_s48_what_fails_before_the_welcome_is_a_close_code(
    door, break_, caplog, place, code, which
):
    break_(place, errors()[which])
    with door.talking_as("ada") as phone:
        phone.put("hello", device="d", threads=["x"])
        with pytest.raises(ConnectionClosed) as caught:  # noqa: PT012 - reads to it
            while True:
                assert DETAIL.search(phone.websocket.recv(30)) is None

    assert caught.value.rcvd.code == code
    assert DETAIL.search(caught.value.rcvd.reason) is None
    assert "secret.py" in caplog.text


@pytest.mark.parametrize("which", range(5))
def test_s48_what_fails_before_the_accept_is_a_status(door, break_, caplog, which):
    break_("_authenticator.identify", errors()[which])
    with (
        pytest.raises(InvalidStatus) as caught,
        door.open(additional_headers=door.bearer()),
    ):
        pass
    response = caught.value.response

    assert response.status_code == 503
    assert json.loads(response.body)["error"]["code"] == "unavailable"
    assert DETAIL.search(f"{response.headers}{response.body.decode()}") is None
    assert "secret.py" in caplog.text


@pytest.mark.parametrize("which", range(5))
def test_s48_an_agent_that_fails_is_said_to_have_failed(door, caplog, which):
    """And a tool of it, which an agent may survive."""
    said = []
    with door.talking_as("ada") as phone:
        phone.hello()
        for how in ("run", "tool"):
            name = f"{how}{which}"
            phone.put("send", id=how, client_message_id=name, text=f"{how} {which}")
            thread = phone.take("result", id=how)["thread"]
            phone.put("subscribe", id="s", thread=thread)
            while not said or said[-1]["type"] not in ENDS:
                taken = json.loads(phone.websocket.recv(30))
                events = taken.get("state", {}).get("events", [taken])
                said += [one["event"] for one in events if "event" in one]
            if how == "run":
                failed = said.pop()
                assert [failed.pop("reference")] == references(caplog)
                assert failed == {
                    "type": "agent_failed",
                    "code": "agent_error",
                    "text": "The agent failed",
                    "retryable": True,
                }

    completed = [one for one in said if one["type"] == "tool_completed"]
    assert [one["error"] for one in completed] == ["The tool failed"]
    assert DETAIL.search(json.dumps(said)) is None
    assert "secret.py" in caplog.text


# What a stranger can send, against a server as it is.


@pytest.fixture(scope="module")
def served(tmp_path_factory):
    data = tmp_path_factory.mktemp("errors")
    many = {"frames_burst": 10**6, "handshakes_burst": 10**6}
    with Served(data, ["ada", "eve"], settings=many) as served:
        yield served
        assert served.server.errors() == []


LAST = {"frame": "unsubscribe", "id": "last", "thread": "x"}


class Line:
    """One connection, opened again whenever it was closed."""

    def __init__(self, served):
        self.served = served
        self.peer = None
        with served.device("ada") as ada:
            ada.say("of ada's", client_message_id="adas")
            self.known = [ada.say("ask")["run"]]
        with served.device("eve") as eve:
            mine = eve.say("ask", client_message_id="mine")
        self.known += ["x", "mine", "adas", *(mine[key] for key in ("thread", "run"))]

    def replies(self, kind, fields):
        """Send a frame; return all that comes, up to the answer to another one."""
        if self.peer is None:
            self.peer = self.served.opened("eve")
            self.peer.hello()
        replies = []
        try:
            # At once: apart, the second would wait for the first to be acknowledged.
            both = ({"frame": kind, **fields}, LAST)
            self.peer.send(b"".join(frame(json.dumps(one)) for one in both))
            while not replies or replies[-1].get("id") != LAST["id"]:
                replies.append(self.peer.next())
        except ConnectionError as error:
            replies.append({"closed": str(error)})
            self.peer.close()
            self.peer = None
        return replies


@pytest.fixture(scope="module")
def line(served):
    return Line(served)


@st.composite
def frames(draw):
    """Draw a frame whose fields are named right, and hold anything."""
    kinds = {
        "hello": ["device", "ticket", "threads", "cursors", "previous"],
        "subscribe": ["thread", "cursor", "detail"],
        "unsubscribe": ["thread"],
        "send": ["client_message_id", "text", "thread"],
        "cancel": ["run", "client_message_id"],
        "retry": ["run"],
        "answer": ["run", "call", "value"],
        "authenticate": ["ticket"],
        "acknowledge": ["cursors"],
        "resume": ["log", "cursor"],
        "pong": [],
    }
    kind = draw(st.sampled_from(sorted(kinds)) | st.text(max_size=5))
    texts = st.text(max_size=20) | st.sampled_from(
        [
            "x",
            "\x00",
            "\u2028",
            "..",
            "%s%n",
            "' OR 1=1 --",
            "{}",
            "\ud83d\ude00",
            "a/b",
        ]
    )
    known = st.integers(0, 5).map(lambda number: {"known": number})
    numbers = st.sampled_from([0, -1, 2**53, 2**63, 1.5, 1e300])
    cursors = st.fixed_dictionaries(
        {"epoch": texts, "incarnation": texts, "number": st.integers(0, 2**53 - 1)}
    )
    values = st.recursive(
        texts | known | numbers | st.booleans() | st.none() | cursors,
        lambda inner: (
            st.lists(inner, max_size=3) | st.dictionaries(texts, inner, max_size=3)
        ),
        max_leaves=6,
    )
    fields = {"id": draw(st.just("1") | values)}
    for name in kinds.get(kind, ["text"]):
        if draw(st.integers(0, 9)):
            fields[name] = draw(known | texts | values)
    return kind, fields


@pytest.mark.process
@pytest.mark.timeout(180)
@hypothesis.given(frames())
@hypothesis.settings(
    max_examples=200,
    suppress_health_check=[hypothesis.HealthCheck.function_scoped_fixture],
)
def test_s48_no_frame_of_a_stranger_brings_out_more_than_a_code(line, drawn):
    """Nor does it bring the server to say that it failed."""
    kind, fields = drawn
    fields = json.loads(
        re.sub(
            r'\{"known": (\d)\}',
            lambda found: json.dumps(line.known[int(found[1])]),
            json.dumps(fields),
        )
    )
    replies = line.replies(kind, fields)

    # A message may say anything, and is said again.
    told = [one for one in replies if one.get("frame") not in ("event", "snapshot")]
    assert "internal" not in [one.get("code") for one in told]
    assert DETAIL.search(json.dumps(told)) is None
    assert all("1011" not in str(one) for one in told if "closed" in one)
