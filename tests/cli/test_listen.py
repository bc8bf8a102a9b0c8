"""The socket that `serve` listens on."""

import socket

import pytest

from goldenpath.cli._serve import _listen
from goldenpath.errors import SettingsError


@pytest.mark.skipif(
    not hasattr(socket, "TCP_USER_TIMEOUT"), reason="NOT LINUX: no TCP_USER_TIMEOUT"
)
def test_a_peer_that_does_not_read_is_given_up_by_the_kernel_too():
    """Nothing above the kernel can tear down a socket that is never drained."""
    with (
        _listen("127.0.0.1", 0, lost_after=45.0) as listening,
        socket.create_connection(listening.getsockname()),
        listening.accept()[0] as accepted,
    ):
        lost_after = accepted.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)

    assert lost_after == 45_000


def test_a_port_that_is_taken_is_named_with_what_to_do():
    with _listen("127.0.0.1", 0, lost_after=45.0) as listening:
        port = listening.getsockname()[1]

        with pytest.raises(SettingsError, match=rf"{port}(.|\n)*--port"):
            _listen("127.0.0.1", port, lost_after=45.0)
