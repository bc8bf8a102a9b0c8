"""S13 to S15, S27 to S29: how a session begins, travels and ends."""

import base64
import contextlib
import subprocess
import sys

import pytest

from tests.security.conftest import closed


def cookie_parts(response):
    """Return a cookie's name, value and flags."""
    pair, *flags = response.headers["set-cookie"].split(";")
    name, _, value = pair.partition("=")
    return name, value, {flag.strip().lower() for flag in flags}


# S27: how it begins.


@pytest.mark.anyio
async def test_s27_a_login_makes_a_new_session_whatever_the_browser_had(site):
    """Else somebody plants their own session, waits, and reads along."""
    async with site.logged_in("bob") as attacker:
        planted = attacker.cookies["goldenpath"]
    async with site.browser() as victim:
        victim.cookies.set("goldenpath", planted)
        body = {"name": "ada", "password": "correct horse"}
        response = await victim.post("/login", json=body)
        _, token, _ = cookie_parts(response)
    async with site.browser() as anybody:
        as_planted = {"Cookie": f"goldenpath={planted}"}
        as_victim = {"Cookie": f"goldenpath={token}"}
        made = await anybody.post("/threads", json={"title": "a"}, headers=as_victim)
        seen = await anybody.get("/threads", headers=as_planted)

    assert response.json()["user"]["name"] == "ada"
    assert token != planted
    assert made.status_code == 201
    assert seen.json()["threads"] == []


@pytest.mark.anyio
async def test_s27_two_logins_are_two_sessions(site):
    async with site.browser(origin=None) as browser:
        body = {"name": "ada", "password": "correct horse"}
        tokens = set()
        for _ in range(3):
            tokens.add(cookie_parts(await browser.post("/login", json=body))[1])
            browser.cookies.clear()

    assert len(tokens) == 3
    assert {len(base64.urlsafe_b64decode(token + "=")) for token in tokens} == {32}


@pytest.mark.anyio
@pytest.mark.parametrize(
    ("headers", "with_cookie", "passes"),
    [
        # A page of ours, as browsers say it today and as they said it once.
        ({"Origin": "http://chat.test", "Sec-Fetch-Site": "same-origin"}, True, True),
        ({"Origin": "http://chat.test", "Sec-Fetch-Site": "none"}, True, True),
        ({"Origin": "http://chat.test"}, True, True),
        # A page of somebody else's.
        ({"Origin": "http://evil.test", "Sec-Fetch-Site": "cross-site"}, True, False),
        ({"Origin": "http://evil.test", "Sec-Fetch-Site": "same-origin"}, True, False),
        ({"Origin": "null", "Sec-Fetch-Site": "cross-site"}, True, False),
        ({"Origin": "http://evil.test"}, True, False),
        ({"Origin": "http://evil.test"}, False, False),
        # The browser's two words contradict each other.
        ({"Origin": "http://chat.test", "Sec-Fetch-Site": "cross-site"}, True, False),
        ({"Origin": "http://chat.test", "Sec-Fetch-Site": "same-site"}, True, False),
        # Somebody keeps their browser from naming the origin.
        ({"Sec-Fetch-Site": "cross-site"}, False, False),
        ({"Sec-Fetch-Site": "same-site"}, False, False),
        ({"Sec-Fetch-Site": "same-origin"}, True, False),
        ({}, True, False),
    ],
)
async def test_s27_what_changes_anything_is_asked_for_by_a_page_of_ours(
    site, headers, with_cookie, passes
):
    async with site.logged_in() as browser:
        cookie = f"goldenpath={browser.cookies['goldenpath']}"
    headers = headers | ({"Cookie": cookie} if with_cookie else {})
    right = {"name": "ada", "password": "correct horse"}
    for path, body in (
        ("/ws/ticket", {}),
        ("/threads", {}),
        ("/login", right),
        ("/logout", {}),
    ):
        async with site.browser(origin=None) as page:
            response = await page.post(path, json=body, headers=headers)
            if passes:
                assert response.status_code < 300, response.text
                continue
            still = await page.get("/threads", headers={"Cookie": cookie})

        assert response.status_code == 403
        assert "set-cookie" not in response.headers
        assert still.status_code == 200


@pytest.mark.anyio
async def test_s27_an_origin_on_the_list_may_be_of_another_site(make_site):
    site = await make_site(origins=("http://app.test",))
    headers = {"Sec-Fetch-Site": "cross-site"}
    async with site.browser(origin="http://app.test", **headers) as page:
        body = {"name": "ada", "password": "correct horse"}
        response = await page.post("/login", json=body)

    assert response.status_code == 200


# S28: what it travels in.


@pytest.mark.anyio
async def test_s28_no_script_and_no_foreign_page_gets_the_cookie(site):
    async with site.browser() as browser:
        body = {"name": "ada", "password": "correct horse"}
        response = await browser.post("/login", json=body)
    name, token, flags = cookie_parts(response)

    assert name == "goldenpath"
    assert flags == {"httponly", "max-age=2592000", "path=/", "samesite=lax"}
    # It is nowhere else, where a script could read it.
    assert token not in response.text
    assert response.json().keys() == {"user", "expires_in"}


@pytest.mark.anyio
async def test_s28_behind_tls_the_cookie_is_secure_and_bound_to_the_host(make_site):
    """A page of another subdomain cannot plant one with that prefix."""
    page = "https://chat.example"
    site = await make_site(origins=(page,))
    async with site.browser(origin=page) as browser:
        body = {"name": "ada", "password": "correct horse"}
        response = await browser.post("/login", json=body)
        name, token, flags = cookie_parts(response)
        browser.cookies.clear()
        read = [
            (await browser.get("/threads", headers={"Cookie": f"{one}={token}"}))
            for one in ("__Host-goldenpath", "goldenpath", "__host-goldenpath")
        ]
        left = await browser.post(
            "/logout", headers={"Cookie": f"__Host-goldenpath={token}"}
        )

    assert name == "__Host-goldenpath"
    assert flags == {
        "httponly",
        "max-age=2592000",
        "path=/",
        "samesite=lax",
        "secure",
    }
    assert [response.status_code for response in read] == [200, 401, 401]
    # A browser forgets a cookie with that prefix only if told so with its flags.
    assert cookie_parts(left)[0] == "__Host-goldenpath"
    assert {"secure", "path=/", "max-age=0"} <= cookie_parts(left)[2]


# S29: what it may be exchanged for, and by whom.


@pytest.mark.anyio
async def test_s29_a_ticket_is_asked_for_by_post_with_json(site):
    """Neither a form nor a link nor an image can do that."""
    async with site.logged_in() as browser:
        right = await browser.post("/ws/ticket", json={})
        got = await browser.get("/ws/ticket")
        forms = [
            await browser.post(
                "/ws/ticket", content="{}", headers={"Content-Type": media_type}
            )
            for media_type in (
                "text/plain",
                "application/x-www-form-urlencoded",
                "multipart/form-data; boundary=x",
                "text/plain; application/json",
                "",
            )
        ]

    assert right.status_code == 200
    assert got.status_code in (404, 405)
    assert {response.status_code for response in forms} == {415}


@pytest.mark.anyio
async def test_s29_no_other_origin_is_let_read_an_answer(site):
    """CORS is closed: no answer and no preflight says otherwise."""
    asked = {
        "Access-Control-Request-Method": "POST",
        "Access-Control-Request-Headers": "content-type",
    }
    statuses = set()
    async with site.logged_in() as browser:
        for path in ("/ws/ticket", "/login", "/threads", "/", "/livez"):
            for method in ("OPTIONS", "POST", "GET"):
                for origin in ("http://evil.test", "http://chat.test", "null"):
                    response = await browser.request(
                        method, path, headers=asked | {"Origin": origin}
                    )
                    statuses.add((method, response.status_code))
                    names = " ".join(response.headers)
                    assert "access-control" not in names

    assert {status for method, status in statuses if method == "OPTIONS"} == {405}


# S13 and S14: how it ends.


# No heartbeat finds out what nobody was told.
SILENT = {"heartbeat_every": 3600.0, "silent_after": 7200.0}


def test_s13_a_logout_closes_all_connections_of_that_session_and_no_other(make_door):
    """Whoever took over a tablet loses the chat with the session."""
    door = make_door(**SILENT)
    token = door.tokens["ada"]
    with contextlib.ExitStack() as stack:
        ended = [stack.enter_context(door.talking_as("ada")) for _ in range(3)]
        door.tokens["ada"] = door.new_session()
        other = stack.enter_context(door.talking_as("ada"))
        bob = stack.enter_context(door.talking_as("bob"))
        for talk in (*ended, other, bob):
            talk.hello()
        out = {"Authorization": f"Bearer {token}"}
        assert door.ask("POST", "/logout", headers=out).status_code == 204

        assert [closed(talk) for talk in ended] == [4410] * 3
        revoked = other.take("event")
        while revoked["event"]["type"] != "session_revoked":
            revoked = other.take("event")
        assert token not in str(revoked)
        for talk in (other, bob):
            talk.put("send", id="1", client_message_id="m", text="still here")
            assert talk.take("result", id="1")["run"]
    assert door.ask("GET", "/threads", headers=out).status_code == 401
    assert door.refused(additional_headers=out) == (401, "authenticate")


def users(door, command, stdin=""):
    """Run ``goldenpath users``: another process, on the same database."""
    subprocess.run(
        [
            *(sys.executable, "-m", "goldenpath", "users", command, "ada"),
            *("--data", str(door.data)),
            *(["--password-stdin"] if stdin else []),
        ],
        input=stdin,
        text=True,
        check=True,
        capture_output=True,
        timeout=60,
    )


@pytest.mark.process
@pytest.mark.parametrize("command", ["password", "disable"])
def test_s14_another_process_ends_all_sessions_of_a_user(make_door, command, caplog):
    """Without waiting for a heartbeat."""
    caplog.set_level("INFO", "goldenpath.audit")
    door = make_door(**SILENT)
    with contextlib.ExitStack() as stack:
        first = stack.enter_context(door.talking_as("ada"))
        old = [door.bearer()]
        door.tokens["ada"] = door.new_session()
        old.append(door.bearer())
        second = stack.enter_context(door.talking(origin=None))
        unused = door.ticket()
        first.hello()
        second.hello(ticket=door.ticket())
        bob = stack.enter_context(door.talking_as("bob"))
        bob.hello()

        users(door, command, stdin="a new password" if command == "password" else "")

        assert [closed(first), closed(second)] == [4410, 4410]
        bob.put("send", id="1", client_message_id="m", text="still here")
        assert bob.take("result", id="1")["run"]
    for headers in old:
        assert door.ask("GET", "/threads", headers=headers).status_code == 401
        assert door.refused(additional_headers=headers) == (401, "authenticate")
    with door.talking() as late:
        late.put("hello", device="d", ticket=unused)
        assert closed(late) == 4401
    # The old password is worth nothing either; a new one is, if they may log in.
    for password, status in (
        (door.password, 401),
        ("a new password", 200 if command == "password" else 401),
    ):
        body = {"name": "ada", "password": password}
        assert door.ask("POST", "/login", body).status_code == status
    assert caplog.text.count("session_over") == 2
    # It looks for what others did so often; OWASP grants a logout five seconds.
    assert door.manager.settings.foreign_check_every <= 5.0


def test_s14_a_session_that_an_authenticator_ends_is_noticed_by_the_next_ping(
    make_door,
):
    """Also if it happens where nobody tells this process: the store is only asked."""
    door = make_door(heartbeat_every=0.1, foreign_check_every=3600.0)
    with door.talking_as("ada") as phone:
        phone.hello()
        users(door, "disable")
        assert closed(phone) == 4410


# S15: how it ends by itself.

SHORT = {"session_lasts": 2.0, "expiring_before": 1.5, "expired_grace": 0.2}


def test_s15_a_session_ends_while_its_connection_is_open(make_door):
    """It is told in time, and then it is closed; the token is dead everywhere."""
    door = make_door(**SHORT)
    door.tokens["ada"] = door.new_session()
    with door.talking_as("ada") as phone:
        assert 0 < phone.hello()["expires_in"] <= 2
        assert 0 < phone.take("expiring")["within"] <= 1.5
        assert closed(phone) == 4401
    assert door.refused(additional_headers=door.bearer()) == (401, "authenticate")
    assert door.ask("GET", "/threads", headers=door.bearer()).status_code == 401


def test_s15_a_ticket_of_a_newer_session_keeps_the_connection(make_door):
    """And then it stands on that one: the older one's end is nothing to it."""
    door = make_door(**SHORT)
    older = door.new_session()
    with door.talking(additional_headers={"Authorization": f"Bearer {older}"}) as phone:
        phone.hello()
        phone.take("expiring")
        # A session of somebody who logged in before sessions were that short.
        phone.put("authenticate", id="1", ticket=door.ticket("ada"))
        assert phone.take("result", id="1")["expires_in"] > 1000
        while door.ask("GET", "/threads", headers=_bearer(older)).status_code != 401:
            pass
        phone.put("send", id="2", client_message_id="m", text="still here")
        assert phone.take("result", id="2")["run"]


def _bearer(token):
    return {"Authorization": f"Bearer {token}"}
