"""S47: limits count who somebody is, not who they say they are."""

import asyncio

import pytest
from starlette.requests import HTTPConnection

from goldenpath.asgi._handshake import client_address
from tests.security.conftest import Street
from tests.support.server import PASSWORD, ServerProcess, make_users

PROXY = "10.0.0.1"


def request(*forwarded, peer=PROXY):
    headers = [(b"x-forwarded-for", value.encode()) for value in forwarded]
    client = None if peer is None else (peer, 1234)
    return HTTPConnection({"type": "http", "headers": headers, "client": client})


@pytest.mark.parametrize(
    ("forwarded", "hops", "address"),
    [
        ((), 0, PROXY),
        (("203.0.113.7",), 0, PROXY),
        (("203.0.113.7",), 1, "203.0.113.7"),
        # What the client wrote itself stands to the left of what proxies append.
        (("198.51.100.1, 203.0.113.7",), 1, "203.0.113.7"),
        (("198.51.100.1,203.0.113.7",), 1, "203.0.113.7"),
        (("198.51.100.1", "203.0.113.7"), 1, "203.0.113.7"),
        (("198.51.100.1, 203.0.113.7, 10.0.0.2",), 2, "203.0.113.7"),
        (("198.51.100.1, 203.0.113.7", "10.0.0.2"), 2, "203.0.113.7"),
        ((",,,, 203.0.113.7",), 1, "203.0.113.7"),
        # It did not come by way of so many proxies.
        ((), 1, PROXY),
        (("203.0.113.7",), 2, PROXY),
        # Those are no addresses, and no proxy says so.
        (("unknown",), 1, PROXY),
        (("203.0.113.7, ",), 1, PROXY),
        (("_hidden",), 1, PROXY),
        (("x" * 60_000,), 1, PROXY),
        # Some proxies name the port as well.
        (("203.0.113.7:4711",), 1, "203.0.113.7"),
        (("[2001:db8::1]:4711",), 1, "2001:db8::1"),
        (("2001:DB8:0::1",), 1, "2001:db8::1"),
    ],
)
def test_s47_an_address_is_read_as_many_places_from_the_right_as_proxies_are_trusted(
    forwarded, hops, address
):
    assert client_address(request(*forwarded), hops) == address


def test_s47_a_request_by_a_unix_socket_has_no_address():
    assert client_address(request(peer=None), 0) == ""
    assert client_address(request("203.0.113.7", peer=None), 1) == "203.0.113.7"


VICTIM, THIEF = "203.0.113.7", "198.51.100.9"


async def guesses(site, times, *forwarded, peer=PROXY):
    """Return how many wrong passwords were looked at."""
    looked_at = 0
    for number in range(times):
        headers = {"X-Forwarded-For": ", ".join(forwarded)} if forwarded else {}
        async with site.browser(address=peer, **headers) as browser:
            body = {"name": "ada", "password": f"wrong {number}"}
            response = await browser.post("/login", json=body)
        looked_at += response.status_code == 401
    return looked_at


@pytest.mark.anyio
async def test_s47_by_default_nobody_buys_guesses_with_a_made_up_address(make_site):
    site = await make_site(login_refill_every=3600.0)
    made_up = [await guesses(site, 1, f"203.0.113.{n}", peer=THIEF) for n in range(40)]

    assert sum(made_up) == 5


@pytest.mark.anyio
async def test_s47_behind_a_trusted_proxy_each_client_counts_alone(make_site):
    """What they write themselves is passed on by the proxy, to the left of it."""
    site = await make_site(trusted_hops=1, login_refill_every=3600.0)
    made_up = [await guesses(site, 1, f"192.0.2.{n}", THIEF) for n in range(40)]
    blamed = await guesses(site, 10, VICTIM, THIEF)

    assert sum(made_up) == 5
    assert blamed == 0
    # Neither the one whose name is guessed at nor the one who was named has to wait.
    assert await guesses(site, 10, VICTIM) == 5


@pytest.mark.anyio
async def test_s47_past_the_proxies_a_header_is_nothing(make_site):
    """Who reaches the server without them is who the socket says."""
    site = await make_site(trusted_hops=2, login_refill_every=3600.0)
    made_up = [await guesses(site, 1, f"192.0.2.{n}", peer=THIEF) for n in range(40)]

    assert sum(made_up) == 5


@pytest.mark.process
@pytest.mark.parametrize("hops", [0, 1])
def test_s47_goldenpath_serve_trusts_as_many_proxies_as_it_is_told(tmp_path, hops):
    asyncio.run(make_users(tmp_path, "ada"))
    arguments = ("--trusted-hops", str(hops)) if hops else ()
    server = ServerProcess(tmp_path, arguments=arguments)
    server.start()
    try:
        asyncio.run(server.wait_ready())
        with Street(server.port) as street:
            statuses = []
            for client in (THIEF, VICTIM):
                headers = {"X-Forwarded-For": f"192.0.2.1, {client}"}
                for password in ("wrong",) * 6 + (PASSWORD,):
                    body = {"name": "ada", "password": password}
                    response = street.ask("POST", "/login", body, headers=headers)
                    statuses.append(response.status_code)
    finally:
        server.kill()

    waits = [401] * 5 + [429] * 2
    assert statuses == (waits * 2 if hops else waits + [429] * 7)
    addresses = {THIEF, VICTIM} if hops else {"127.0.0.1"}
    for address in (THIEF, VICTIM, "127.0.0.1", "192.0.2.1"):
        assert (f'"address":"{address}"' in server.log()) is (address in addresses)
