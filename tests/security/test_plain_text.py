"""S59: a password is not said aloud where others can listen."""

import socket

import pytest

from goldenpath.client import HTTPClient
from goldenpath.errors import SettingsError
from tests.cli.conftest import goldenpath

# A fixture of others, for the tests here.
__all__ = ["goldenpath"]

ELSEWHERE = [
    "http://chat.example.com",
    "http://chat.example.com:8000/below",
    "HTTP://CHAT.EXAMPLE.COM",
    "http://192.168.1.2:8000",
    "http://10.0.0.1",
    "http://0.0.0.0:8000",
    "http://[::]:8000",
    "http://[2001:db8::1]",
    # They look like this machine.
    "http://localhost.evil.org",
    "http://127.0.0.1.evil.org",
    "http://notlocalhost",
    "http://localhost.",
    "http://[::ffff:192.0.2.1]",
    "http://[::2]",
    "http://evil.org/localhost",
    "http://128.0.0.1",
]
HERE = [
    "http://localhost:8000",
    "http://LOCALHOST",
    "http://chat.localhost:8000",
    "http://127.0.0.1:8000",
    "http://127.8.9.1",
    "http://[::1]:8000",
]


@pytest.mark.parametrize("url", ELSEWHERE)
def test_s59_plain_http_to_another_machine_is_refused_before_anything_is_sent(url):
    with pytest.raises(SettingsError, match="has no TLS") as refused:
        HTTPClient(url)

    assert "https://" in str(refused.value)
    assert "allow_plain" in str(refused.value)


@pytest.mark.anyio
async def test_s59_tls_and_this_machine_are_welcome():
    for url in (*HERE, "https://chat.example.com", "HTTPS://192.168.1.2:8000"):
        async with HTTPClient(url) as http:
            assert http.url == url


@pytest.mark.anyio
async def test_s59_who_says_so_may_speak_plainly_in_a_network_of_their_own():
    """It is said in the program, where it can be read; no variable turns it on."""
    for url in ELSEWHERE[:4]:
        async with HTTPClient(url, allow_plain=True) as http:
            assert http.url == url


@pytest.mark.parametrize("command", ["probe", "chat"])
def test_s59_the_commands_refuse_it_as_well_and_say_what_to_do(
    goldenpath,
    command,
):
    """Nobody is even called; with the flag somebody is."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        listening.setblocking(False)
        url = f"http://0.0.0.0:{listening.getsockname()[1]}"
        arguments = [command, url, "--user", "ada", "--password-stdin"]
        refused = goldenpath(*arguments, stdin="a secret password")
        with pytest.raises(BlockingIOError):
            listening.accept()
    allowed = goldenpath(*arguments, "--allow-plain", stdin="a secret password")

    assert refused.code == 2
    assert "has no TLS" in refused.err
    assert "--allow-plain" in refused.err
    assert "has no TLS" not in allowed.err
    assert "FAILED ready" in allowed.out or "does not answer" in allowed.err
