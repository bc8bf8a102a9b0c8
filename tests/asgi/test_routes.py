"""The HTTP side: who may, what it answers, and what it never says."""

import asyncio
import json
import time

import msgspec
import pytest

from goldenpath.auth._identity import Identity
from goldenpath.errors import AuthError, StorageError
from goldenpath.protocol._frames import SnapshotState
from goldenpath.protocol._transcript import Transcript

pytestmark = pytest.mark.anyio

PASSWORD = "correct horse"
RIGHT = {"name": "ada", "password": PASSWORD}


def code_of(response):
    """Return an error's code, after checking that it has the one shape."""
    assert response.headers["content-type"] == "application/json"
    assert response.headers["cache-control"] == "no-store"
    error = response.json()["error"]
    assert {"code", "message", "retryable"} <= set(error)
    assert set(error) <= {"code", "message", "retryable", "retry_after", "reference"}
    assert "Traceback" not in response.text
    return error["code"]


# Login.


async def test_a_logout_ends_the_session_and_forgets_the_cookie(site):
    async with site.logged_in() as browser:
        token = browser.cookies["goldenpath"]
        response = await browser.post("/logout")
        again = await browser.get("/threads", headers={"Cookie": f"goldenpath={token}"})

    assert response.status_code == 204
    assert "max-age=0" in response.headers["set-cookie"].lower()
    assert (again.status_code, code_of(again)) == (401, "authenticate")


async def test_a_bearer_token_is_the_same_session_without_a_page(site):
    async with site.logged_in() as browser:
        token = browser.cookies["goldenpath"]
    bearer = {"Authorization": f"bearer {token}"}
    async with site.browser(origin=None) as program:
        created = await program.post("/threads", json={}, headers=bearer)
        out = await program.post("/logout", headers=bearer)
        after = await program.get("/threads", headers=bearer)

    assert (created.status_code, out.status_code) == (201, 204)
    assert after.status_code == 401


async def test_a_bad_bearer_token_is_not_saved_by_a_good_cookie(site):
    async with site.logged_in() as browser:
        response = await browser.get(
            "/threads", headers={"Authorization": "Bearer bad"}
        )

    assert response.status_code == 401


# Origins.

CHANGES = [
    ("POST", "/logout", None),
    ("POST", "/ws/ticket", {}),
    ("POST", "/threads", {}),
    ("PATCH", "/threads/t", {"title": "x"}),
    ("DELETE", "/threads/t", None),
    ("POST", "/login", RIGHT),
]


@pytest.mark.parametrize(("method", "path", "body"), CHANGES)
@pytest.mark.parametrize(
    "origin",
    [
        None,
        "null",
        "https://chat.test",
        "http://chat.test:81",
        "http://evil.test",
        "http://chat.test.evil.test",
        "http://chat.test, http://evil.test",
    ],
)
async def test_with_a_cookie_nothing_changes_for_a_page_of_another_origin(
    site, method, path, body, origin
):
    async with site.logged_in() as browser:
        token = browser.cookies["goldenpath"]
    headers = {"Cookie": f"goldenpath={token}"}
    async with site.browser(origin=origin) as page:
        response = await page.request(method, path, json=body, headers=headers)
        still = await page.get("/threads", headers=headers)

    assert (response.status_code, code_of(response)) == (403, "forbidden")
    assert still.status_code == 200


async def test_the_origins_in_the_settings_are_the_only_ones(make_site):
    site = await make_site(origins=("http://app.test",))
    for origin, status in (("http://app.test", 200), ("http://chat.test", 403)):
        async with site.browser(origin=origin) as page:
            assert (await page.post("/login", json=RIGHT)).status_code == status


# Bodies.


@pytest.mark.parametrize(
    ("content_type", "body", "status", "code"),
    [
        ("application/x-www-form-urlencoded", "name=ada", 415, "unsupported"),
        ("text/plain", json.dumps(RIGHT), 415, "unsupported"),
        ("multipart/form-data; boundary=x", "--x", 415, "unsupported"),
        ("", "", 415, "unsupported"),
        ("application/json", "{", 400, "bad_message"),
        ("application/json", "", 400, "bad_message"),
        ("application/json", "[]", 400, "bad_message"),
        ("application/json", '{"name": 1, "password": "x"}', 400, "bad_message"),
        ("application/json", '{"name": "ada"}', 400, "bad_message"),
        ("application/json", b'{"name": "\xff", "password": "x"}', 400, "bad_message"),
        ("application/json", "[" * 10_000, 400, "bad_message"),
        ("application/json", "x" * 16_385, 413, "too_large"),
    ],
)
async def test_a_body_that_makes_no_sense_is_refused_in_the_one_shape(
    site, content_type, body, status, code
):
    async with site.browser(**{"Content-Type": content_type}) as browser:
        response = await browser.post("/login", content=body)

    assert (response.status_code, code_of(response)) == (status, code)


async def test_an_oversized_body_is_not_read_to_its_end(site):
    read = 0

    async def endless():
        nonlocal read
        while True:
            read += 1024
            yield b" " * 1024

    # The client's transport gathers a body first: talk to the application itself.
    chunks = endless()
    sent = []

    async def receive():
        return {
            "type": "http.request",
            "body": await anext(chunks),
            "more_body": True,
        }

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": "/login",
        "query_string": b"",
        "headers": [(b"content-type", b"application/json"), (b"host", b"chat.test")],
        "client": ("192.0.2.1", 1),
        "server": ("chat.test", 80),
        "scheme": "http",
    }
    await site.app(scope, receive, send)

    assert sent[0]["status"] == 413
    assert read <= 18 * 1024


# Threads.


async def test_threads_are_made_renamed_listed_and_deleted(site):
    async with site.logged_in() as browser:
        made = await browser.post("/threads", json={"title": " one\n thread "})
        thread = made.json()["id"]
        named = await browser.patch(f"/threads/{thread}", json={"title": "two"})
        listed = await browser.get("/threads")
        deleted = await browser.delete(f"/threads/{thread}")
        empty = await browser.get("/threads")
        again = await browser.delete(f"/threads/{thread}")

    assert (made.status_code, made.json()["title"]) == (201, "one thread")
    assert named.json()["title"] == "two"
    assert [t["id"] for t in listed.json()["threads"]] == [thread]
    assert listed.json()["next"] is None
    assert deleted.status_code == 204
    assert empty.json()["threads"] == []
    assert again.status_code == 404


async def test_a_thread_is_not_renamed_to_nothing(site):
    async with site.logged_in() as browser:
        thread = (await browser.post("/threads", json={})).json()["id"]
        response = await browser.patch(f"/threads/{thread}", json={"title": " "})

    assert (response.status_code, code_of(response)) == (400, "bad_message")


async def test_pages_of_threads_meet_without_a_gap_or_a_repetition(site):
    async with site.logged_in() as browser:
        made = [
            (await browser.post("/threads", json={"title": str(n)})).json()["id"]
            for n in range(7)
        ]
        found, query = [], ""
        while True:
            page = (await browser.get(f"/threads?limit=3{query}")).json()
            assert len(page["threads"]) <= 3
            found += [thread["id"] for thread in page["threads"]]
            if page["next"] is None:
                break
            query = f"&before={page['next']}"

    assert found == made[::-1]


@pytest.mark.parametrize(
    "query", ["limit=x", "limit=-1", "limit=²", "before=!", "before=e30"]
)
async def test_a_query_that_makes_no_sense_is_refused(site, query):
    async with site.logged_in() as browser:
        response = await browser.get(f"/threads?{query}")

    assert (response.status_code, code_of(response)) == (400, "bad_message")


async def test_history_is_paged_back_to_the_first_message(make_site):
    async def agent(message, ctx):
        async with ctx.tool("look") as call:
            call.result = "x" * 500
        yield f"re: {message}"

    site = await make_site(agent=agent)
    async with site.logged_in() as browser:
        user = (await browser.post("/login", json=RIGHT)).json()["user"]["id"]
        threads = site.manager._threads
        thread = None
        for number in range(5):
            posted = await threads.post(
                user, f"m{number}", client_message_id=str(number), thread=thread
            )
            thread = posted.thread
            async with asyncio.timeout(5):
                while (await browser.get("/threads")).json()["threads"][0][
                    "is_running"
                ]:
                    pass
        pages, before = [], None
        while True:
            query = "" if before is None else f"&before={before}"
            page = (
                await browser.get(f"/threads/{thread}/history?limit_bytes=5000{query}")
            ).json()
            pages.insert(0, page["events"])
            before = page["before"]
            if before is None:
                break
        whole = (await browser.get(f"/threads/{thread}/history")).json()

    assert len(pages) > 2
    events = [event for page in pages for event in page]
    assert [e["number"] for e in events] == [e["number"] for e in whole["events"]]
    assert all(page[0]["event"]["type"] == "user_message" for page in pages)
    transcript = Transcript()
    for frame in msgspec.convert({"events": events}, SnapshotState).events:
        transcript.apply(frame)
    assert len(transcript.items) == 10


# Health, pages, files.


async def test_health_says_what_it_is_and_touches_nothing(make_site):
    site = await make_site()
    async with site.browser() as browser:
        live = await browser.get("/livez")
        ready = await browser.get("/readyz")
        await site.manager.drain()
        draining = await browser.get("/readyz")
        still = await browser.get("/livez")

    assert (live.status_code, live.json()) == (200, {"status": "live"})
    assert (ready.status_code, ready.json()) == (200, {"status": "ready"})
    assert (draining.status_code, code_of(draining)) == (503, "unavailable")
    assert draining.headers["retry-after"] == "1"
    assert still.status_code == 200


async def test_the_chat_leads_to_the_login_and_the_login_to_the_chat(site):
    async with site.browser() as browser:
        stranger = await browser.get("/")
        login = await browser.get("/login")
    async with site.logged_in() as browser:
        chat = await browser.get("/")

    assert (stranger.status_code, stranger.headers["location"]) == (303, "login")
    for shown in (login, chat):
        assert shown.status_code == 200
        assert shown.headers["content-type"].startswith("text/html")
        assert "script-src 'self'" in shown.headers["content-security-policy"]
        assert shown.headers["cache-control"] == "no-store"


async def test_a_file_is_sent_once_and_then_only_asked_about(site):
    async with site.browser() as browser:
        first = await browser.get("/static/app.css")
        tag = {"If-None-Match": first.headers["etag"]}
        again = await browser.get("/static/app.css", headers=tag)
        changed = await browser.get(
            "/static/app.css", headers={"If-None-Match": '"other"'}
        )

    assert (first.status_code, changed.status_code) == (200, 200)
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert first.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/static/..%2f..%2f_pages.py",
        "/static/%2e%2e/_pages.py",
        "/static//etc/passwd",
        "/static/..\\_pages.py",
        "/static/chat.html%00.css",
        "/static/chat.html",
        "/static/",
        "/nowhere",
        "/threads/a/b/c",
    ],
)
async def test_nothing_is_served_that_is_not_listed(site, path):
    async with site.browser() as browser:
        response = await browser.get(path)

    assert (response.status_code, code_of(response)) == (404, "not_found")


async def test_a_method_that_is_not_there_is_refused_in_the_one_shape(site):
    async with site.browser() as browser:
        response = await browser.put("/livez")

    assert (response.status_code, code_of(response)) == (405, "not_allowed")
    assert set(response.headers["allow"].split(", ")) == {"GET", "HEAD"}


@pytest.mark.parametrize(
    ("path", "methods"),
    [
        ("/threads", {"GET", "HEAD", "POST"}),
        ("/threads/x", {"PATCH", "DELETE"}),
        ("/login", {"GET", "HEAD", "POST"}),
    ],
)
async def test_who_asks_in_another_way_is_told_all_that_there_are(site, path, methods):
    async with site.browser() as browser:
        response = await browser.put(path)

    assert response.status_code == 405
    assert set(response.headers["allow"].split(", ")) == methods


@pytest.mark.parametrize("path", ["/threads", "/threads/x/history"])
async def test_nobody_reads_anything_without_a_session(site, path):
    async with site.browser() as browser:
        response = await browser.get(path)

    assert (response.status_code, code_of(response)) == (401, "authenticate")


# Other people's authenticators, and failures.


class Own:
    """An application's own: a header that its proxy sets would be the same."""

    def __init__(self, error=None):
        self.error = error

    async def identify(self, credentials):
        if self.error is not None:
            raise self.error
        if credentials.bearer != "key":
            raise AuthError("no key")
        return Identity("ada", "Ada", "s", time.time() + 60, "header")

    async def issue_ticket(self, identity, origin):
        return "ticket"

    async def redeem_ticket(self, ticket, origin):
        raise AuthError("none")

    async def alive(self, handles):
        return set(handles)

    async def name_of(self, user):
        return user


async def test_an_applications_own_authenticator_has_no_login_of_ours(make_site):
    site = await make_site(authenticator=Own())
    async with site.browser(Authorization="Bearer key") as program:
        threads = await program.get("/threads")
        ticket = await program.post("/ws/ticket", json={})
        missing = [
            (await program.post(path, json={})).status_code
            for path in ("/login", "/logout")
        ]

    assert threads.status_code == 200
    assert ticket.json() == {"ticket": "ticket", "expires_in": 30.0}
    assert set(missing) <= {404, 405}


@pytest.mark.parametrize(
    ("error", "status", "code"),
    [
        (StorageError("secret"), 503, "unavailable"),
        (ValueError("secret"), 500, "internal"),
    ],
)
async def test_what_goes_wrong_inside_stays_inside(
    make_site, caplog, error, status, code
):
    site = await make_site(authenticator=Own(error))
    async with site.browser() as browser:
        response = await browser.get("/threads")

    assert (response.status_code, code_of(response)) == (status, code)
    assert "secret" not in response.text
    assert "secret" in caplog.text
    if code == "internal":
        assert response.json()["error"]["reference"] in caplog.text
