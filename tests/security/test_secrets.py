"""S04 and S05: no secret is taken from a URL, and none is ever written to a log."""

import asyncio
import base64
import contextlib
import json
import urllib.parse

import httpx2
import pytest
from websockets.exceptions import InvalidStatus
from websockets.sync.client import connect

from tests.asgi.conftest import Talk
from tests.security.conftest import closed
from tests.support.raw import RawPeer
from tests.support.server import PASSWORD, ServerProcess, make_users

pytestmark = [pytest.mark.process, pytest.mark.timeout(180)]

QUERIES = [
    "ticket={}",
    "token={}",
    "Access_Token={}",
    "a=b&session={}",
    "password={}",
    "%74oken={}",
    "authorization=Bearer+{}",
    "__Host-goldenpath={}",
    "jwt={}",
    "token",
]
ROUTES = [
    ("GET", "/threads"),
    ("POST", "/threads"),
    ("POST", "/ws/ticket"),
    ("POST", "/login"),
    ("POST", "/logout"),
    ("GET", "/threads/x/history"),
    ("GET", "/"),
]


class Planting:
    """A server that was told secrets in every way there is, and has stopped."""

    def __init__(self, data, port):
        self.data = data
        self.port = port
        self.http = httpx2.Client(
            base_url=f"http://127.0.0.1:{port}", trust_env=False, timeout=30
        )
        self.secrets = {}
        self.answers = []
        self.refused = {}

    def plant(self, what, secret=None):
        """Note a secret, made up unless it is given, and return it."""
        secret = secret or f"planted/{what}/{len(self.secrets)}+x"
        self.secrets[what] = secret
        return secret

    def ask(self, method, path, body=None, **headers):
        self.http.cookies.clear()
        response = self.http.request(method, path, json=body, headers=headers)
        if response.status_code >= 400:
            self.answers.append(response.text)
        return response

    def open(self, path="/ws", *, subprotocols=("goldenpath.v1",), **headers):
        return connect(
            f"ws://127.0.0.1:{self.port}{path}",
            subprotocols=subprotocols,
            compression=None,
            proxy=None,
            additional_headers=headers,
        )

    def say_hello(self, websocket, **fields):
        """Return the close code, or 0 where there was a welcome."""
        talk = Talk(websocket)
        talk.put("hello", device="d", **fields)
        first = json.loads(websocket.recv(30))
        self.answers.append(json.dumps(first))
        return 0 if first["frame"] == "welcome" else closed(talk)


def log_in(planting):
    """Passwords, right and wrong; whatever people type into the wrong field."""
    right = {"name": "ada", "password": planting.plant("password", PASSWORD)}
    token = planting.ask("POST", "/login", right).cookies["goldenpath"]
    planting.plant("session", token)
    for what, name in (("wrong password", "ada"), ("nobody's password", "nobody")):
        wrong = {"name": name, "password": planting.plant(what)}
        assert planting.ask("POST", "/login", wrong).status_code == 401
    name = planting.plant("password in the field for the name")
    planting.ask("POST", "/login", {"name": name, "password": "x"})
    planting.ask("POST", "/login", {"name": [planting.plant("bad body")]})
    return token


def send_headers(planting, token):
    for what, value in (
        ("bearer", "Bearer {}"),
        ("basic", "Basic {}"),
        ("bare", "{}"),
    ):
        headers = {"Authorization": value.format(planting.plant(what))}
        assert planting.ask("GET", "/threads", **headers).status_code == 401
        with contextlib.suppress(InvalidStatus), planting.open(**headers) as websocket:
            assert planting.say_hello(websocket) == 4401
    origin = f"http://127.0.0.1:{planting.port}"
    for what, cookie, code in (
        ("bad cookie", planting.plant("bad cookie"), 4401),
        ("cookie", token, 0),
    ):
        headers = {"Cookie": f"goldenpath={cookie}", "Origin": origin}
        assert (planting.ask("GET", "/threads", **headers).status_code == 200) is (
            what == "cookie"
        )
        with planting.open(**headers) as websocket:
            assert planting.say_hello(websocket) == code
    planting.ask("GET", "/threads", **{"X-Api-Key": planting.plant("another header")})


def use_tickets(planting, token):
    bearer = {"Authorization": f"Bearer {token}"}
    for what in ("ticket", "ticket in band"):
        ticket = planting.ask("POST", "/ws/ticket", {}, **bearer).json()["ticket"]
        planting.plant(what, ticket)
    ticket = planting.secrets["ticket"]
    with planting.open() as websocket:
        assert planting.say_hello(websocket, ticket=ticket) == 0
        talk = Talk(websocket)
        for number, what in enumerate(("ticket in band", "ticket", "bad ticket")):
            ticket = planting.secrets.get(what) or planting.plant(what)
            talk.put("authenticate", id=str(number), ticket=ticket)
        assert talk.take("result", id="0")
        planting.answers += [json.dumps(talk.take("error")) for _ in range(2)]
        talk.put("ticket", id="9", token=planting.plant("unknown frame"))
        talk.put("authenticate", ticket=planting.plant("frame without an id"))
        talk.put("send", id="8", text=planting.plant("message"), client_message_id="m")
        thread = talk.take("result", id="8")["thread"]
        talk.put("subscribe", id="7", thread=thread)
        talk.take("live", log=f"thread:{thread}")
    for what in ("ticket", "bad ticket"):
        with planting.open() as websocket:
            ticket = planting.secrets[what]
            assert planting.say_hello(websocket, ticket=ticket) == 4401


def put_into_urls(planting, token):
    """Good credentials, where they do not belong."""
    bearer = {"Authorization": f"Bearer {token}"}
    ticket = planting.ask("POST", "/ws/ticket", {}, **bearer).json()["ticket"]
    for number, query in enumerate(QUERIES):
        good = planting.plant(f"ticket in a URL {number}", ticket)
        other = planting.plant(f"made up in a URL {number}")
        for secret in (good, other, token):
            asked = query.format(urllib.parse.quote(secret))
            for method, path in ROUTES:
                response = planting.ask(method, f"{path}?{asked}", {}, **bearer)
                planting.refused[method, path, query] = response.status_code
            with pytest.raises(InvalidStatus) as caught, planting.open(f"/ws?{asked}"):
                pass
            response = caught.value.response
            planting.answers.append(response.body.decode())
            planting.refused["WS", "/ws", query] = response.status_code
    path = planting.plant("in a path")
    planting.ask("GET", f"/threads/{urllib.parse.quote(path, safe='')}/history")
    # It was never used up: a URL is not looked into.
    with planting.open() as websocket:
        assert planting.say_hello(websocket, ticket=ticket) == 0


def put_into_the_subprotocol(planting, token):
    """As some libraries do, because a browser lets a page set no header."""
    for what, offered in (
        ("subprotocol", "bearer.{}"),
        ("subprotocol in base64", "base64url.bearer.{}"),
        ("bare subprotocol", "{}"),
    ):
        secret = planting.plant(what, token)
        if "base64" in what:
            secret = base64.urlsafe_b64encode(secret.encode()).decode().rstrip("=")
        both = ("goldenpath.v1", offered.format(secret))
        for subprotocols in (both, both[::-1]):
            with planting.open(subprotocols=subprotocols) as websocket:
                planting.refused[what, subprotocols] = websocket.subprotocol
                assert planting.say_hello(websocket) == 4401
        with pytest.raises(InvalidStatus) as caught:
            planting.open(subprotocols=both[1:])
        assert caught.value.response.status_code == 400
    planting.plant("in base64", base64.b64encode(token.encode()).decode())


def send_what_is_no_request(planting):
    """Servers like to write down what they could not read."""
    for head in (
        "GET /ws?token={} HTTP/9.9\r\n\r\n",
        "GET /ws\r\nAuthorization: Bearer {}\r\n\r\n",
        "POST /login HTTP/1.1\r\nHost: x\r\nContent-Length: {}\r\n\r\n",
        "{}\r\n\r\n",
    ):
        with RawPeer(planting.port) as peer, contextlib.suppress(OSError):
            peer.send(head.format(planting.plant(head)).encode())
            planting.answers.append(peer.read_to_end().decode("latin-1"))


@pytest.fixture(scope="module")
def planted(tmp_path_factory):
    data = tmp_path_factory.mktemp("planted")
    asyncio.run(make_users(data, "ada"))
    # The agent of somebody else knows its message; the bundled one says what it hears.
    server = ServerProcess(data, log_level="debug")
    server.start()
    try:
        asyncio.run(server.wait_ready())
        planting = Planting(data, server.port)
        with planting.http:
            token = log_in(planting)
            send_headers(planting, token)
            use_tickets(planting, token)
            put_into_urls(planting, token)
            put_into_the_subprotocol(planting, token)
            send_what_is_no_request(planting)
            planting.ask("POST", "/logout", Authorization=f"Bearer {token}")
        server.process.terminate()
        assert asyncio.run(server.wait_exit()) == 0
    finally:
        server.kill()
    planting.log = server.log()
    planting.errors = server.errors()
    return planting


def in_any_form(secret):
    yield secret
    yield urllib.parse.quote(secret, safe="")
    yield repr(secret.encode())[2:-1]
    yield base64.b64encode(secret.encode()).decode().rstrip("=")


def test_s04_no_secret_is_in_any_line_of_the_log_at_debug(planted):
    """A log is read by more people than a database, and kept for longer."""
    found = [
        what
        for what, secret in planted.secrets.items()
        if any(form in planted.log for form in in_any_form(secret))
    ]

    # A path is no place for a secret, and is written where something went wrong.
    assert found == []
    assert len(planted.secrets) >= 30
    # It is the log of this server, and at that level.
    assert " DEBUG " in planted.log
    assert "goldenpath.audit login_refused" in planted.log


def test_s04_a_credential_in_a_url_is_refused_and_the_log_says_so(planted):
    urls = {key: code for key, code in planted.refused.items() if len(key) == 3}

    assert len(urls) == len(QUERIES) * (len(ROUTES) + 1)
    assert set(urls.values()) == {400}
    for path in ("/ws", "/threads", "/login"):
        warning = f"WARNING goldenpath.asgi._handshake '{path}' was asked with a cred"
        assert warning in planted.log


def test_s04_no_answer_repeats_a_secret_that_was_sent(planted):
    """It would be in the log of whoever asked."""
    answers = "\n".join(planted.answers)
    found = [
        what
        for what, secret in planted.secrets.items()
        if secret in answers and what not in ("in a path", "message")
    ]

    assert found == []
    assert len(planted.answers) > 100


def test_s04_the_files_hold_no_secret_but_what_was_said(planted):
    """Tokens and tickets are there by their hash, passwords by Argon2id."""
    stored = b"".join(
        path.read_bytes()
        for path in planted.data.iterdir()
        if "goldenpath.db" in path.name
    )
    found = {
        what for what, secret in planted.secrets.items() if secret.encode() in stored
    }

    assert found == {"message"}


def test_s04_no_attempt_was_an_error_of_ours(planted):
    """I9: whoever knocks wrongly must not alarm anybody."""
    assert planted.errors == []


def test_s05_a_subprotocol_carries_the_version_and_nothing_else(planted):
    """What else is offered there is neither believed nor selected."""
    selected = {value for key, value in planted.refused.items() if len(key) == 2}

    assert selected == {"goldenpath.v1"}
