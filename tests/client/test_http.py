"""The HTTP side of a server, and of what is none."""

import asyncio
import itertools

import pytest

from goldenpath.client import Client, HTTPClient
from goldenpath.errors import (
    AuthError,
    RefusedError,
    SettingsError,
    TooManyAttemptsError,
)
from goldenpath.protocol import Transcript, Unreadable

PASSWORD = "a password for tests"

pytestmark = [pytest.mark.anyio, pytest.mark.timeout(60)]


@pytest.fixture
async def something():
    """Serve one answer to everything, and note what was asked."""
    servers = []
    asked = []

    async def start(answer):
        async def handle(reader, writer):
            asked.append(await reader.readuntil(b"\r\n\r\n"))
            writer.write(answer)
            await writer.drain()
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        servers.append(server)
        return f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"

    start.asked = asked
    yield start
    for server in servers:
        server.close()
        await server.wait_closed()


def response(body, status="200 OK", headers=""):
    return (
        f"HTTP/1.1 {status}\r\nContent-Length: {len(body)}\r\n{headers}\r\n{body}"
    ).encode()


# Logging in.


async def test_a_login_opens_a_session_that_a_logout_ends(serve):
    server = await serve()
    await server.http("ada")
    async with HTTPClient(server.url) as http:
        await http.login("Ada", PASSWORD)
        token = http.token
        assert await http.threads() == ()
        assert len(await http.ticket()) > 20

        await http.logout()

        assert http.token == ""
        http.token = token
        with pytest.raises(AuthError):
            await http.threads()


@pytest.mark.parametrize("name", ["ada", "nobody", "", "\x00"])
async def test_a_wrong_name_and_a_wrong_password_are_refused_alike(serve, name):
    server = await serve()
    await server.http("ada")
    async with HTTPClient(server.url) as http:
        with pytest.raises(AuthError) as refused:
            await http.login(name, "wrong")

        assert str(refused.value) == "the name or the password is wrong"
        assert http.token == ""


async def test_too_many_attempts_say_when_the_next_makes_sense(serve):
    server = await serve(login_attempts=1, login_refill_every=90.0)
    await server.http("ada")
    async with HTTPClient(server.url) as http:
        with pytest.raises(AuthError):
            await http.login("ada", "wrong")
        with pytest.raises(TooManyAttemptsError) as refused:
            await http.login("ada", PASSWORD)

    assert 80.0 < refused.value.retry_after <= 90.0


async def test_a_failed_login_does_not_go_on_with_the_one_before(something):
    url = await something(response("{}"))
    async with HTTPClient(url) as http:
        http.token = "of before"
        with pytest.raises(AuthError, match="no session"):
            await http.login("ada", "x")

        assert http.token == ""


async def test_the_token_travels_in_a_header_and_never_as_a_cookie(something):
    url = await something(
        response("{}", headers="Set-Cookie: __Host-goldenpath=secret; Path=/\r\n")
    )
    async with HTTPClient(url) as http:
        await http.login("ada", "x")
        with pytest.raises(RefusedError):
            await http.ticket()

    login, ticket = (head.lower() for head in something.asked)
    assert b"authorization" not in login
    assert b"authorization: bearer secret" in ticket
    assert b"cookie" not in ticket
    assert b"secret" not in ticket.split(b"\r\n")[0]


async def test_proxies_of_the_environment_never_see_it(serve, monkeypatch):
    for name in ("HTTP_PROXY", "http_proxy", "ALL_PROXY", "all_proxy"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")
    server = await serve()
    http = await server.http()

    assert await http.threads() == ()
    async with Client(http) as client:
        assert (await client.wait_live()).user.name == "ada"


# Threads and history.


async def test_threads_are_listed_and_deleted(serve, connect):
    server = await serve()
    http = await server.http()
    client = await connect(http)
    for text in ("one", "two"):
        await client.wait_run_ended(await client.send(text))

    two, one = await http.threads()
    await http.delete_thread(two.id)

    assert (one.title, two.title) == ("one", "two")
    assert [thread.id for thread in await http.threads()] == [one.id]
    for attempt in (http.history(two.id), http.delete_thread(two.id)):
        with pytest.raises(RefusedError) as refused:
            await attempt
        assert refused.value.code == "not_found"


async def test_a_long_history_is_read_page_by_page(serve, connect):
    """A page holds 128 KiB; what is folded must not notice where one ends."""

    async def talkative(message, ctx):
        for number in range(12):
            await ctx.think(f"{number}")
            yield f"{number}{message}" * 10_000

    server = await serve(talkative)
    http = await server.http()
    client = await connect(http)
    first = await client.send("äx")
    await client.wait_run_ended(first)
    second = await client.send("y", thread=first.thread)
    await client.wait_run_ended(second)

    history = await http.history(first.thread)
    transcript = Transcript()
    for frame in history:
        transcript.apply(frame)

    ends = [(frame.first or frame.number, frame.number) for frame in history]
    assert ends[0][0] == 1
    assert all(a[1] + 1 == b[0] for a, b in itertools.pairwise(ends))
    assert [item.text for item in transcript.items[::2]] == ["äx", "y"]
    for sent, message in ((first, "äx"), (second, "y")):
        expected = "".join(f"{number}{message}" * 10_000 for number in range(12))
        assert transcript.text_of(sent.run) == expected
        assert transcript.state_of(sent.run) == "completed"
    assert sum(len(repr(frame)) for frame in history) > 3 * 128 * 1024


async def test_other_peoples_history_is_not_there(serve, connect):
    server = await serve()
    client = await connect(await server.http())
    sent = await client.send("private")
    his = await server.http("bob")

    with pytest.raises(RefusedError) as refused:
        await his.history(sent.thread)

    assert refused.value.code == "not_found"
    assert await his.threads() == ()


async def test_events_of_the_future_do_not_hide_a_history(something):
    event = (
        '{"frame":"event","log":"thread:t","epoch":"e","incarnation":"i","number":1,'
        '"time":1.0,"event":{"type":"agent_dances"}}'
    )
    url = await something(response(f'{{"events":[{event}],"before":null}}'))
    async with HTTPClient(url) as http:
        (frame,) = await http.history("t")

    assert frame.event == Unreadable(original="agent_dances")


# Servers that are not there, or are something else.


async def test_a_server_that_cannot_be_reached_is_unavailable(serve):
    server = await serve()
    http = await server.http()
    assert await http.is_ready()
    await server.stop()

    for attempt in (
        http.login("ada", PASSWORD),
        http.threads(),
        http.history("t"),
        http.delete_thread("t"),
        http.ticket(),
        http.logout(),
    ):
        with pytest.raises(RefusedError, match="does not answer") as refused:
            await attempt
        assert refused.value.code == "unavailable"
        assert refused.value.retryable
    assert not await http.is_ready()


async def test_a_server_that_does_not_answer_in_time_is_unavailable():
    writers = []

    async def keep_quiet(_reader, writer):
        writers.append(writer)

    silent = await asyncio.start_server(keep_quiet, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{silent.sockets[0].getsockname()[1]}"
    async with HTTPClient(url, within=0.05) as http:
        with pytest.raises(RefusedError) as refused:
            await http.threads()
        assert refused.value.code == "unavailable"
        assert not await http.is_ready()
    for writer in writers:
        writer.close()
        await writer.wait_closed()
    silent.close()
    await silent.wait_closed()


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ("<html>", "200 OK"),
        ("", "200 OK"),
        ("[]", "200 OK"),
        ('{"threads":1,"ticket":2,"events":3}', "200 OK"),
        ("<html>", "502 Bad Gateway"),
        ("[]", "404 Not Found"),
        ('{"error":"x"}', "400 Bad Request"),
        ('{"error":{"code":1}}', "400 Bad Request"),
        ("", "302 Found"),
    ],
)
async def test_something_else_at_the_address_is_said_to_be_that(
    something, body, status
):
    url = await something(response(body, status))
    async with HTTPClient(url) as http:
        for attempt in (http.threads(), http.history("t"), http.ticket()):
            with pytest.raises(RefusedError, match="from something else") as refused:
                await attempt
            assert status[:3] in str(refused.value)
            assert refused.value.retryable is status.startswith("502")


async def test_a_refusal_keeps_what_the_server_says_of_it(something):
    url = await something(
        response(
            '{"error":{"code":"unavailable","message":"full","retryable":true,'
            '"retry_after":2.5}}',
            "503 Service Unavailable",
        )
    )
    async with HTTPClient(url) as http:
        with pytest.raises(RefusedError, match="full") as refused:
            await http.threads()

    assert refused.value.code == "unavailable"
    assert refused.value.retryable
    assert refused.value.retry_after == 2.5


@pytest.mark.parametrize(
    "url",
    [
        "",
        "localhost:8000",
        "127.0.0.1",
        "ws://localhost",
        "ftp://localhost",
        "http://",
        "http://[::1",
        "http://host:port",
        "http://host:99999",
        "http://host/?token=x",
        "http://host/#x",
    ],
)
def test_what_is_no_address_is_refused_at_once(url):
    with pytest.raises(SettingsError, match="is no address of a server"):
        HTTPClient(url)


def test_a_password_in_the_address_is_refused_and_not_repeated():
    """Addresses are written to logs."""
    with pytest.raises(SettingsError, match="name or password") as refused:
        HTTPClient("https://ada:hunter2@chat.example.com")

    assert "hunter2" not in str(refused.value)


async def test_a_server_may_live_below_a_path(serve, something):
    url = await something(response('{"threads":[]}'))
    async with HTTPClient(url + "/chat/") as http:
        await http.threads()

    assert something.asked[0].startswith(b"GET /chat/threads ")
