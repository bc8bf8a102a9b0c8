"""S01 to S03: a cookie is believed only from a page that may use it."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenpath.auth._origins import is_allowed
from tests.security.conftest import closed
from tests.support.origins import ALLOWED, BAD, GOOD
from tests.support.raw import RawPeer

OWN_PAGES_ONLY = [
    None,
    "null",
    "https://127.0.0.1",
    "http://evil.test",
    "http://127.0.0.1",
]


async def knock(app, *origins, cookie="", path="/ws", authorization=""):
    """Shake hands with an application in raw bytes; return the status."""
    headers = [(b"host", b"chat.test")]
    headers += [(b"origin", origin) for origin in origins]
    if cookie:
        headers.append((b"cookie", cookie.encode()))
    if authorization:
        headers.append((b"authorization", authorization.encode()))
    incoming = iter([{"type": "websocket.connect"}])
    statuses = []

    async def receive():
        return next(incoming, {"type": "websocket.disconnect", "code": 1005})

    async def send(message):
        if message["type"] == "websocket.accept":
            statuses.append(101)
        elif message["type"] == "websocket.http.response.start":
            statuses.append(message["status"])

    scope = {
        "type": "websocket",
        "asgi": {"version": "3.0", "spec_version": "2.4"},
        "http_version": "1.1",
        "scheme": "ws",
        "path": path,
        "raw_path": path.encode(),
        "query_string": b"",
        "root_path": "",
        "headers": headers,
        "client": ("192.0.2.1", 1234),
        "server": ("chat.test", 80),
        "subprotocols": ["goldenpath.v1"],
        "extensions": {"websocket.http.response": {}},
    }
    await app(scope, receive, send)
    (status,) = statuses
    return status


@pytest.fixture
async def cookie(make_site):
    """Return an application with a list of origins, and a good session's cookie."""
    site = await make_site(origins=ALLOWED)
    async with site.logged_in(origin=GOOD[0]) as browser:
        return site.app, f"goldenpath={browser.cookies['goldenpath']}"


def in_bytes(origin):
    return origin.encode("utf-8", "surrogatepass")


@pytest.mark.anyio
async def test_s02_each_way_to_write_an_allowed_origin_opens_the_socket(cookie):
    app, good = cookie

    assert [await knock(app, in_bytes(o), cookie=good) for o in GOOD] == [
        101 for _ in GOOD
    ]


@pytest.mark.anyio
async def test_s02_no_trick_with_an_origin_opens_the_socket(cookie):
    """The session is good each time; only the page that asks is another."""
    app, good = cookie
    tricks = [[in_bytes(origin)] for origin in BAD if origin is not None]
    allowed, foreign = in_bytes(GOOD[0]), b"https://evil.example"
    # Several headers: whichever a proxy or a framework would pick, the other is there.
    tricks += [[], [allowed, allowed], [allowed, foreign], [foreign, allowed]]
    tricks += [[allowed, b"null"], [b"", allowed], [allowed, b""]]
    assert len(tricks) >= 60

    passed = [trick for trick in tricks if await knock(app, *trick, cookie=good) != 403]

    assert passed == []


@pytest.mark.anyio
async def test_s02_no_trick_with_an_origin_changes_anything(make_site):
    """The same over HTTP: what needs a cookie and a page needs the right page."""
    site = await make_site(origins=ALLOWED)
    async with site.logged_in(origin=GOOD[0]) as browser:
        cookie = {"Cookie": f"goldenpath={browser.cookies['goldenpath']}"}
        passed = []
        for origin in BAD:
            headers = dict(cookie)
            if origin is not None:
                headers["Origin"] = origin.encode("utf-8")
            async with site.browser(origin=None) as page:
                response = await page.post("/ws/ticket", json={}, headers=headers)
            if response.status_code != 403:
                passed.append(origin)

    assert passed == []


@given(
    st.sampled_from(GOOD[:1]),
    st.integers(0, 40),
    st.integers(0, 3),
    st.text(max_size=3),
)
def test_s02_an_origin_that_was_edited_anywhere_is_another(origin, at, removed, added):
    """Only what names the same scheme, host and port passes."""
    edited = origin[:at] + added + origin[at + removed :]
    same = {"https://app.example.com", "https://app.example.com:443"}

    passes = is_allowed(
        edited, allowed=(origin,), scheme="https", host="app.example.com"
    )

    assert passes is (edited.lower() in same and edited.isascii())


@pytest.mark.parametrize("origin", OWN_PAGES_ONLY)
def test_s01_with_a_cookie_only_our_own_pages_get_in(door, origin):
    """Before the accept: a foreign page learns nothing, not even a close code."""
    refused = door.refused(origin=origin, additional_headers=door.cookie())

    assert refused == (403, "forbidden")


def test_s01_a_foreign_page_with_a_cookie_gets_403_and_no_upgrade(door):
    """In bytes, so that no library is in between."""
    headers = [("Origin", "http://evil.test"), *door.cookie().items()]
    with RawPeer(door.port) as peer:
        status, answered, body = peer.open(headers=headers)

    assert status == 403
    assert "upgrade" not in answered
    assert json.loads(body)["error"]["code"] == "forbidden"


def test_s03_a_cookie_without_an_origin_opens_nothing(door):
    """Who stole a cookie has no page to name, unless they made one up."""
    assert door.refused(additional_headers=door.cookie()) == (403, "forbidden")
    for method, path in (("POST", "/ws/ticket"), ("POST", "/threads")):
        response = door.ask(method, path, {}, headers=door.cookie())
        assert response.status_code == 403


def test_s03_a_header_and_a_ticket_need_no_origin(door):
    """They are put in by a program, and no browser does that by itself."""
    with door.talking_as("ada") as program:
        assert program.hello()["user"]["name"] == "ada"
    ticket = door.ticket("bob")
    with door.talking() as program:
        assert program.hello(ticket=ticket)["user"]["name"] == "bob"


def test_s03_without_any_credential_there_is_nobody(door):
    with door.talking() as nobody:
        nobody.put("hello", device="d")
        assert nobody.take("error")["code"] == "authenticate"
        assert closed(nobody) == 4401
