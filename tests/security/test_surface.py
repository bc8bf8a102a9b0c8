"""S22, S23, S50, S51: which doors there are, and that none opens by itself."""

import asyncio
import contextlib
import sqlite3

import pytest
from starlette.routing import Route, WebSocketRoute

from goldenpath import Settings, WebSocketManager
from goldenpath.auth import Credentials, Identity
from goldenpath.errors import AuthError, StorageError
from tests.security.conftest import Door, Street, closed, echo
from tests.support.server import ServerProcess, make_users

# S51: all that there is. Whoever adds a route adds it here, and says who may ask.
ROUTES = {
    "/ws": "WEBSOCKET",
    "/ws/ticket": "POST",
    "/threads": "GET HEAD POST",
    "/threads/{thread}": "DELETE PATCH",
    "/threads/{thread}/history": "GET HEAD",
    "/livez": "GET HEAD",
    "/readyz": "GET HEAD",
}
LOGIN = {"/login": "POST", "/logout": "POST"}
PAGES = {
    "/": "GET HEAD",
    "/login": "GET HEAD POST",
    "/static/{name:path}": "GET HEAD",
}


def table(routes):
    found = {}
    for route in routes:
        if isinstance(route, WebSocketRoute):
            found.setdefault(route.path, set()).add("WEBSOCKET")
        else:
            assert isinstance(route, Route), f"{route} hides routes of its own"
            found.setdefault(route.path, set()).update(route.methods)
    return {path: " ".join(sorted(methods)) for path, methods in found.items()}


class Stranger:
    """An authenticator of somebody else, who knows nobody."""

    error = AuthError("nobody")

    async def identify(self, credentials: Credentials) -> Identity:
        raise self.error

    async def issue_ticket(self, identity, origin):
        raise self.error

    async def redeem_ticket(self, ticket, origin):
        raise self.error

    async def alive(self, handles):
        raise self.error

    async def name_of(self, user):
        raise self.error


def test_s51_these_are_all_the_routes(tmp_path):
    manager = WebSocketManager(agent=echo, settings=Settings(data=tmp_path))

    assert table(manager.routes()) == ROUTES | LOGIN | PAGES
    assert table(manager.asgi().routes) == ROUTES | LOGIN | PAGES
    assert table(manager.routes(pages=False)) == ROUTES | LOGIN


def test_s51_with_an_authenticator_of_ones_own_there_is_no_login(tmp_path):
    settings = Settings(data=tmp_path)
    manager = WebSocketManager(agent=echo, settings=settings, authenticator=Stranger())

    assert table(manager.routes(pages=False)) == ROUTES


@pytest.mark.anyio
async def test_s51_what_scanners_look_for_is_not_there(site):
    """Also for somebody who is logged in."""
    async with site.logged_in() as browser:
        found = [
            path
            for path in (
                *("/docs", "/redoc", "/openapi.json", "/admin", "/debug", "/console"),
                *("/metrics", "/status", "/health", "/info", "/env", "/.env"),
                *("/.git/config", "/server-status", "/actuator/env", "/_debug/"),
                *("/users", "/sessions", "/register", "/signup", "/reset", "/test"),
                *("/ws/echo", "/ws/legacy", "/v1/chat", "/goldenpath.db", "/static/"),
                *("/static/chat.html", "/static/../_pages.py", "/static/%2e%2e/x"),
            )
            if (await browser.get(path)).status_code != 404
        ]

    assert found == []


# S50: health.


@pytest.mark.anyio
async def test_s50_health_says_nothing_of_anybody_and_asks_nothing(make_site):
    """Not even whether its database is there: it would be asked by everybody."""
    site = await make_site()
    async with site.logged_in() as browser:
        thread = (await browser.post("/threads", json={})).json()["id"]
        before = [await browser.get(path) for path in ("/livez", "/readyz")]
        await site.manager._database.close()
        after = [await browser.get(path) for path in ("/livez", "/readyz")]
        heads = [await browser.head(path) for path in ("/livez", "/readyz")]

    assert [response.content for response in before] == [
        b'{"status":"live"}',
        b'{"status":"ready"}',
    ]
    for one, other in zip(before, after, strict=True):
        assert (one.status_code, one.content) == (200, other.content)
        assert one.headers == other.headers
        assert set(one.headers) == {
            "cache-control",
            "content-length",
            "content-type",
            "x-content-type-options",
        }
        assert thread not in one.text
    assert [response.status_code for response in heads] == [200, 200]


def test_s50_health_is_the_same_with_any_number_of_connections(door):
    """Nobody counts from outside how many people are there."""
    before = [door.ask("GET", path).content for path in ("/livez", "/readyz")]
    with contextlib.ExitStack() as stack:
        for _ in range(10):
            stack.enter_context(door.talking_as("ada")).hello()
        during = [door.ask("GET", path).content for path in ("/livez", "/readyz")]

    assert during == before


@pytest.mark.anyio
async def test_s50_there_are_no_metrics(site):
    async with site.logged_in() as browser:
        assert (await browser.get("/metrics")).status_code == 404


# S23: the store is down.


@pytest.fixture(params=[StorageError("down"), OSError("down"), ValueError("a bug")])
def failing(request, tmp_path):
    """Serve with an authenticator that fails, whatever it is asked."""
    stranger = Stranger()
    stranger.error = request.param
    settings = Settings(data=tmp_path)
    manager = WebSocketManager(agent=echo, settings=settings, authenticator=stranger)
    with Door(tmp_path, {"ada": "any", "bob": "any"}, manager) as door:
        yield door


def test_s23_while_nobody_can_be_known_nobody_gets_in(failing):
    """And nobody is told that they are nobody: they would log in again."""
    page = {**failing.cookie(), "Origin": failing.url}

    assert failing.refused(additional_headers=failing.bearer()) == (503, "unavailable")
    assert failing.refused(additional_headers=page) == (503, "unavailable")
    with failing.talking() as phone:
        phone.put("hello", device="d", ticket="any")
        assert closed(phone) == 4503
    for method, path in (
        ("GET", "/threads"),
        ("POST", "/threads"),
        ("POST", "/ws/ticket"),
        ("GET", "/threads/x/history"),
        ("DELETE", "/threads/x"),
        ("GET", "/"),
    ):
        response = failing.ask(method, path, {}, headers=failing.bearer())
        assert response.status_code in (500, 503)
        assert response.json()["error"]["code"] in ("unavailable", "internal")
        assert "down" not in response.text
        assert "bug" not in response.text


def test_s23_without_the_database_nobody_logs_in(door):
    """The one that we bring along fails closed as well."""
    ticket = door.ticket()
    origin = {"Origin": door.url}
    with door.talking_as("ada") as phone:
        phone.hello()
        database = door.manager._database
        asyncio.run_coroutine_threadsafe(database.close(), database._loop).result(30)
        body = {"name": "ada", "password": door.password}
        login = door.ask("POST", "/login", body, headers=origin)
        refused = [
            door.refused(additional_headers=headers)
            for headers in (door.bearer(), door.cookie() | origin)
        ]
        with door.talking() as late:
            late.put("hello", device="d", ticket=ticket)
            assert closed(late) == 4503
        phone.put("authenticate", id="1", ticket=ticket)
        answered = phone.take("error", id="1")

    assert login.status_code == 503
    assert "set-cookie" not in login.headers
    assert refused == [(503, "unavailable")] * 2
    assert (answered["code"], answered["retryable"]) == ("unavailable", True)


def test_s23_an_authenticator_that_hangs_lets_nobody_in(tmp_path):
    class Hangs(Stranger):
        async def identify(self, credentials):
            await asyncio.Event().wait()

        async def redeem_ticket(self, ticket, origin):
            await asyncio.Event().wait()

    settings = Settings(data=tmp_path, authenticated_within=0.1)
    manager = WebSocketManager(agent=echo, settings=settings, authenticator=Hangs())
    with Door(tmp_path, {"ada": "any"}, manager) as door:
        assert door.refused(additional_headers=door.bearer()) == (503, "unavailable")
        with door.talking() as phone:
            phone.put("hello", device="d", ticket="any")
            assert closed(phone) == 4503


# S22: what opened the door of other servers.

ENVIRONMENT = (
    *("DEMO_MODE", "DEMO", "E2E", "E2E_TEST", "TEST", "TESTING", "DEBUG", "CI"),
    *("DEV", "DEVELOPMENT", "LOCAL", "INSECURE", "NO_AUTH", "SKIP_AUTH", "MOCK_AUTH"),
    *("DISABLE_AUTH", "AUTH_DISABLED", "BYPASS_AUTH", "ALLOW_ANONYMOUS", "PLAYWRIGHT"),
    *("K_SERVICE", "K_REVISION", "FLY_APP_NAME", "AWS_EXECUTION_ENV", "VERCEL"),
    *("RENDER", "DYNO", "KUBERNETES_SERVICE_HOST", "CODESPACES", "PYTEST_CURRENT_TEST"),
)
HEADERS = {
    "X-E2E-Test": "1",
    "X-Test-Mode": "true",
    "X-Debug": "1",
    "X-Bypass-Auth": "1",
    "X-Demo-Mode": "1",
    "X-User": "ada",
    "X-User-Id": "ada",
    "X-Forwarded-User": "ada",
    "Remote-User": "ada",
    "X-Remote-User": "ada",
    "X-Auth-Request-User": "ada",
    "X-Goog-Authenticated-User-Id": "accounts.google.com:ada",
    "X-Forwarded-For": "127.0.0.1",
    "X-Real-IP": "127.0.0.1",
    "X-Original-URL": "/livez",
    "X-Rewrite-URL": "/livez",
    "X-HTTP-Method-Override": "GET",
    "Forwarded": "for=127.0.0.1;host=localhost",
    "User-Agent": "GoogleHC/1.0",
}
QUERIES = (
    "mode=legacy",
    "mode=demo",
    "test=1",
    "debug=true",
    "demo",
    "user=ada",
    "e2e",
)


@pytest.mark.process
def test_s22_no_variable_header_or_query_lets_anybody_in(tmp_path):
    """All variables at once, by every name that the others used."""
    tokens = asyncio.run(make_users(tmp_path, "ada"))
    with contextlib.closing(sqlite3.connect(tmp_path / "goldenpath.db")) as database:
        (user,) = database.execute("SELECT id FROM users").fetchone()
    names = [*ENVIRONMENT, *(f"GOLDENPATH_{name}" for name in ENVIRONMENT)]
    server = ServerProcess(tmp_path, environment=dict.fromkeys(names, "1"))
    server.start()
    try:
        asyncio.run(server.wait_ready())
        with Street(server.port) as street:
            good = {"Authorization": f"Bearer {tokens['ada']}"}
            assert street.ask("GET", "/threads", headers=good).status_code == 200
            nobody_gets_in(street, user)
        assert server.errors() == []
    finally:
        server.kill()


def nobody_gets_in(street, user):
    tried = [({}, ""), (HEADERS, ""), (HEADERS, "?" + "&".join(QUERIES))]
    tried += [({name: value}, "") for name, value in HEADERS.items()]
    tried += [({name: user}, "") for name in HEADERS if "User" in name]
    tried += [({}, f"?{query}") for query in QUERIES]
    for headers, query in tried:
        response = street.ask("GET", f"/threads{query}", headers=headers)
        assert response.status_code == 401
        how = {"path": f"/ws{query}", "additional_headers": headers}
        with street.talking(**how) as phone:
            phone.put("hello", device="d")
            assert phone.take("error")["code"] == "authenticate"
            assert closed(phone) == 4401
    for host in ("localhost", "127.0.0.1", "[::1]", "metadata.google.internal"):
        response = street.ask("GET", "/threads", headers={"Host": host})
        assert response.status_code == 401
    # Nor does a user who was never made, or a password that everybody tries.
    for name in ("admin", "demo", "test", "guest", "me", "ada", "root", ""):
        for password in ("", "admin", "demo", "test", "password", name):
            response = street.ask(
                "POST", "/login", {"name": name, "password": password}
            )
            assert response.status_code in (401, 429)
