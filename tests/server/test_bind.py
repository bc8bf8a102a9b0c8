"""The socket that a server is bound to, and what accepted ones inherit."""

import socket
import subprocess
import sys

import pytest

from goldenpath.errors import SettingsError
from goldenpath.server import Limits
from goldenpath.server._kernel import (
    TCP_NOTSENT_LOWAT,
    _set_if_known,
    unsent_bytes,
)
from goldenpath.server._server import bind

LINUX = pytest.mark.skipif(
    not hasattr(socket, "TCP_USER_TIMEOUT"), reason="NOT LINUX: no TCP_USER_TIMEOUT"
)


def accepted(limits):
    with (
        bind("127.0.0.1", 0, limits) as bound,
        socket.socket() as peer,
    ):
        bound.listen()
        peer.connect(bound.getsockname())
        return bound.accept()[0]


@LINUX
def test_a_peer_that_does_not_read_is_given_up_by_the_kernel_too():
    """Nothing above the kernel can tear down a socket that is never drained."""
    with accepted(Limits(lost_after=45.0)) as peer:
        lost_after = peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_USER_TIMEOUT)

    assert lost_after == 45_000


@LINUX
def test_f17_the_kernel_keeps_little_for_a_peer():
    """Linux doubles what it is asked for, and counts its bookkeeping in it."""
    with accepted(Limits(kernel_bytes=40_000, unsent_bytes=8192)) as peer:
        kept = [
            peer.getsockopt(socket.SOL_SOCKET, which)
            for which in (socket.SO_SNDBUF, socket.SO_RCVBUF)
        ]
        unsent = peer.getsockopt(socket.IPPROTO_TCP, TCP_NOTSENT_LOWAT)
        no_delay = peer.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)

    assert kept == [80_000, 80_000]
    assert unsent == 8192
    assert no_delay


def test_a_socket_that_knows_none_of_this_is_served_all_the_same():
    """A sandbox need not have what Linux has; a Unix socket has none of it."""
    here, there = socket.socketpair()
    with here, there:
        _set_if_known(here, TCP_NOTSENT_LOWAT, 4096)
        there.send(b"x")

        assert unsent_bytes(Carried(there)) == 0


class Carried:
    """A transport of which only its socket matters."""

    def __init__(self, carrier):
        self.carrier = carrier

    def get_extra_info(self, name):
        assert name == "socket"
        return self.carrier


def test_f10_nobody_is_let_in_before_the_server_listens():
    """A connection that hangs in a queue looks like a server that hangs."""
    with (
        bind("127.0.0.1", 0, Limits()) as bound,
        socket.socket() as peer,
        pytest.raises(ConnectionRefusedError),
    ):
        peer.connect(bound.getsockname())


def test_a_port_that_is_taken_is_named_with_what_to_do():
    with bind("127.0.0.1", 0, Limits()) as bound:
        bound.listen()
        port = bound.getsockname()[1]

        with pytest.raises(SettingsError, match=rf"{port}(.|\n)*--port"):
            bind("127.0.0.1", port, Limits())


@pytest.mark.parametrize(
    ("limits", "allowed"),
    [
        ("-n 300", "100 300"),
        ("-Hn 2000; ulimit -Sn 100", "1000 1200"),
        ("-n 100", "1 100"),
    ],
    ids=["little", "raised", "nothing"],
)
def test_f63_no_more_connections_are_promised_than_descriptors_allow(limits, allowed):
    """What the kernel refuses is refused without a word."""
    ask = (
        "from goldenpath.server._kernel import allow_connections;"
        "import resource;"
        "print(allow_connections(1000), resource.getrlimit(resource.RLIMIT_NOFILE)[0])"
    )
    told = subprocess.run(
        ["/bin/sh", "-c", f"ulimit {limits}; {sys.executable} -c '{ask}'"],
        check=True,
        capture_output=True,
        text=True,
    )

    assert told.stdout.strip() == allowed
