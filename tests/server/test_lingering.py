"""The last word was said; the peer may be gone, or never go."""

import asyncio
import socket
import struct

import pytest

from goldenpath.server._lingering import Lingering

pytestmark = [pytest.mark.anyio]


async def test_a_peer_that_has_reset_the_connection_is_no_error():
    """Its leaving and our last word cross: there is nobody to tell, and no bug."""
    connections = set()
    with socket.create_server(("127.0.0.1", 0)) as listening:
        loop = asyncio.get_running_loop()
        address = listening.getsockname()
        transport, _ = await loop.create_connection(asyncio.Protocol, *address)
        peer, _ = listening.accept()
        peer.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        peer.close()
        # The loop has not run since: it does not know yet.
        Lingering(transport, connections, within=20.0)

    async with asyncio.timeout(20):
        # There is no event for it.
        while connections:  # noqa: ASYNC110
            await asyncio.sleep(0)
