import pytest
from hypothesis import given
from hypothesis import strategies as st

from goldenpath.auth._origins import check_origins, is_allowed
from goldenpath.errors import SettingsError
from tests.support.origins import ALLOWED, BAD, GOOD


@pytest.mark.parametrize("origin", GOOD)
def test_an_origin_that_was_allowed_may(origin):
    assert is_allowed(origin, allowed=ALLOWED, scheme="ws", host="elsewhere")


@pytest.mark.parametrize("origin", BAD)
def test_any_other_may_not(origin):
    assert not is_allowed(origin, allowed=ALLOWED, scheme="https", host="elsewhere")


def test_the_kelvin_sign_is_no_k():
    """``str.lower`` makes an ASCII letter of it."""
    assert not is_allowed(
        "https://\u212ael.example", allowed=("https://kel.example",), scheme="", host=""
    )


@pytest.mark.parametrize(
    ("origin", "scheme", "host", "expected"),
    [
        ("http://localhost:8000", "http", "localhost:8000", True),
        ("http://localhost:8000", "ws", "localhost:8000", True),
        ("https://a.example", "wss", "a.example", True),
        ("https://a.example", "wss", "A.Example:443", True),
        ("https://a.example", "WSS", "a.example", True),
        ("http://a.example", "ws", "a.example:80", True),
        ("http://[::1]:8000", "ws", "[0:0::1]:8000", True),
        ("http://[::ffff:1.2.3.4]", "ws", "[::ffff:102:304]", True),
        ("http://localhost:8000", "http", "127.0.0.1:8000", False),
        ("http://127.0.0.1:8000", "http", "localhost:8000", False),
        ("http://localhost:8001", "http", "localhost:8000", False),
        ("http://a.example", "wss", "a.example", False),
        ("https://a.example", "ws", "a.example", False),
        ("https://a.example", "wss", "a.example:80", False),
        ("https://a.example", "wss", None, False),
        ("https://a.example", "wss", "", False),
        ("https://a.example", "wss", "a.example.", False),
        ("https://a.example", "wss", "a.example, b.example", False),
        ("https://a.example", "wss", "x@a.example", False),
        ("https://a.example", "gopher", "a.example", False),
        ("https://a.example", "", "a.example", False),
        ("null", "wss", "null", False),
        (None, "wss", "a.example", False),
    ],
)
def test_without_a_list_only_the_requests_own_host_may(origin, scheme, host, expected):
    assert is_allowed(origin, allowed=(), scheme=scheme, host=host) is expected


def test_with_a_list_the_own_host_must_be_on_it():
    assert not is_allowed(
        "https://a.example", allowed=ALLOWED, scheme="https", host="a.example"
    )


def test_what_cannot_be_read_equals_nothing_that_cannot_be_read():
    assert not is_allowed("null", allowed=("null",), scheme="null", host="null")


@given(st.text(max_size=60))
def test_no_text_but_the_allowed_one_passes(origin):
    """Whatever it is, it is answered."""
    passes = is_allowed(
        origin, allowed=("https://a.example",), scheme="ws", host="a.example"
    )
    assert passes is (origin.lower() in {"https://a.example", "https://a.example:443"})


@given(st.integers(1, 99_999), st.sampled_from(["", "a", ".", "-", "/", "@", " "]))
def test_what_is_added_to_an_origin_makes_another_of_it(port, tail):
    origin = f"https://a.example:{port}{tail}"
    passes = is_allowed(
        origin, allowed=("https://a.example",), scheme="ws", host="a.example"
    )
    assert passes is (port == 443 and tail == "")


def test_settings_with_origins_that_can_match_are_accepted():
    check_origins(())
    check_origins(ALLOWED)


@pytest.mark.parametrize(
    "origin",
    [
        "https://app.example.com/",
        "*",
        "https://*.example.com",
        "app.example.com",
        "",
        "http://a:65536",
    ],
)
def test_settings_with_any_other_are_refused_at_the_start(origin):
    """Otherwise the operator would look for the reason among the browsers."""
    with pytest.raises(SettingsError, match="is not an origin"):
        check_origins(("https://app.example.com", origin))
