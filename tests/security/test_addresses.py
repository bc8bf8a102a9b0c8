"""S47: limits count who somebody is, not who they say they are."""

import pytest
from starlette.requests import HTTPConnection

from goldenpath.asgi._handshake import client_address

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
