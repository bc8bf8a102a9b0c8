"""What the kernel keeps for a peer, and how much it may keep."""

from __future__ import annotations

import asyncio
import contextlib
import fcntl
import resource
import socket
import struct
import sys

from goldenpath.server._limits import Limits

_SIOCOUTQNSD = 0x894B  # linux/sockios.h; not in the socket module
_TCP_USER_TIMEOUT = 18  # linux/tcp.h; in the socket module on Linux only
TCP_NOTSENT_LOWAT = 25  # linux/tcp.h; not in the socket module
# Files, the database, and peers that are being told to come later.
_OTHER_DESCRIPTORS = 200
_AT_ONCE = struct.pack("ii", 1, 0)


def bound_buffers(listening: socket.socket, limits: Limits) -> None:
    """Set what each socket that will be accepted inherits (Linux).

    Before ``listen``: the size of the receive buffer decides the window that is
    offered in the very first segment.
    """
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, limits.kernel_bytes)
    listening.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, limits.kernel_bytes)
    listening.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    # uvicorn closes a socket once all of it was read: for a peer that does not read,
    # that is never.
    milliseconds = int(limits.lost_after * 1000)
    _set_if_known(listening, _TCP_USER_TIMEOUT, milliseconds)
    # What waits should wait in the outbox, where it can still be merged.
    _set_if_known(listening, TCP_NOTSENT_LOWAT, limits.unsent_bytes)


def _set_if_known(listening: socket.socket, option: int, value: int) -> None:
    """Set what only Linux knows, and not every sandbox that passes for Linux."""
    if sys.platform == "linux":
        with contextlib.suppress(OSError):
            listening.setsockopt(socket.IPPROTO_TCP, option, value)


def unsent_bytes(transport: asyncio.Transport) -> int:
    """Return what the kernel has taken and not sent; 0 where that is not known."""
    if sys.platform != "linux":
        return 0
    descriptor = transport.get_extra_info("socket").fileno()
    try:
        answer = fcntl.ioctl(descriptor, _SIOCOUTQNSD, b"\0\0\0\0")
    except OSError:
        return 0
    (waiting,) = struct.unpack("i", answer)
    return int(waiting)


def forget_unsent(transport: asyncio.Transport) -> None:
    """Let the next close reset the connection, and free what it holds at once."""
    transport.get_extra_info("socket").setsockopt(
        socket.SOL_SOCKET, socket.SO_LINGER, _AT_ONCE
    )


def allow_connections(most: int) -> int:
    """Raise this process's limit of descriptors; return how many connections fit.

    Beyond the limit the kernel would refuse them without a word.
    """
    allowed, highest = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = most + _OTHER_DESCRIPTORS
    if allowed < wanted:
        allowed = wanted if highest == resource.RLIM_INFINITY else min(wanted, highest)
        resource.setrlimit(resource.RLIMIT_NOFILE, (allowed, highest))
    return max(1, min(most, allowed - _OTHER_DESCRIPTORS))
