"""The proxy against plain sockets: every fault is seen by a peer."""

import asyncio
import socket

import pytest

from emulator import FaultProxy, Faults, Way, always

pytestmark = pytest.mark.anyio


class Peer:
    """One end of a connection."""

    def __init__(self, reader, writer):
        self.reader = reader
        self.writer = writer

    async def read(self, size):
        async with asyncio.timeout(20):
            return await self.reader.readexactly(size)

    async def rest(self):
        """Return what still comes, and how it ended."""
        data = b""
        try:
            async with asyncio.timeout(20):
                while more := await self.reader.read(65536):
                    data += more
        except ConnectionResetError:
            return data, "rst"
        return data, "fin"


class Server:
    """Accepts connections and hands them to the test; closes all ends afterwards."""

    def __init__(self):
        self._peers = []
        self._accepted = asyncio.Queue()

    async def __aenter__(self):
        self._server = await asyncio.start_server(
            lambda *ends: self._accepted.put_nowait(self._peer(*ends)), "127.0.0.1", 0
        )
        self.port = self._server.sockets[0].getsockname()[1]
        return self

    async def __aexit__(self, *_):
        self._server.close()
        for peer in self._peers:
            peer.writer.transport.abort()
        # Aborted transports close their sockets in the loop's next turn.
        await asyncio.sleep(0)

    def _peer(self, reader, writer):
        self._peers.append(Peer(reader, writer))
        return self._peers[-1]

    async def client(self, proxy):
        return self._peer(*await asyncio.open_connection("127.0.0.1", proxy.port))

    async def joined(self, proxy):
        """Return a client and the server's end of it, after the first bytes."""
        client = await self.client(proxy)
        client.writer.write(b"hello")
        peer = await self._accepted.get()
        assert await peer.read(5) == b"hello"
        return client, peer


@pytest.fixture
async def server():
    async with Server() as server:
        yield server


async def test_without_faults_it_cannot_be_told_from_a_wire(server):
    async with FaultProxy(server.port) as proxy:
        client, peer = await server.joined(proxy)
        for size in (1, 100, 300_000):
            peer.writer.write(b"d" * size)
            assert await client.read(size) == b"d" * size
            client.writer.write(b"u" * size)
            assert await peer.read(size) == b"u" * size
        client.writer.write_eof()
        assert await peer.rest() == (b"", "fin")
        # The other direction is still open.
        peer.writer.write(b"bye")
        peer.writer.close()
        assert await client.rest() == (b"bye", "fin")
        client.writer.close()


@pytest.mark.parametrize("how", ["fin", "rst"])
async def test_a_cut_is_seen_by_both(server, how):
    async with FaultProxy(server.port, Faults(cut=how)) as proxy:
        client, peer = await server.joined(proxy)
        proxy.cut(how)

        assert await client.rest() == (b"", how)
        client.writer.close()
        assert await peer.rest() == (b"", how)
        peer.writer.close()


async def test_a_torn_connection_ends_for_the_client_alone(server):
    async with FaultProxy(server.port) as proxy:
        client, peer = await server.joined(proxy)
        proxy.cut("torn")

        data, ended = await client.rest()
        assert (len(data), ended) == (3, "fin")
        client.writer.close()
        # The server may go on writing, and hears nothing.
        for _ in range(200):
            peer.writer.write(b"x" * 100_000)
            await peer.writer.drain()
        assert not peer.reader.at_eof()
        peer.writer.close()


@pytest.mark.parametrize("direction", ["up", "down"])
async def test_a_cut_after_some_bytes_lets_no_more_pass(server, direction):
    faults = Faults(**{direction: Way(cut_after=5 + 7)})
    async with FaultProxy(server.port, faults) as proxy:
        client, peer = await server.joined(proxy)
        sender, receiver = (client, peer) if direction == "up" else (peer, client)
        spent = 5 if direction == "up" else 0
        sender.writer.write(b"x" * 100)
        # A reset may overtake what the receiver had not read yet.
        data, ended = await receiver.rest()

        assert len(data) <= 12 - spent
        assert ended == "rst"
        assert (await sender.rest())[1] == "rst"
        assert getattr(proxy.pipes[0], direction).passage.passed == 12


async def test_a_stall_in_one_direction_leaves_the_other_alone(server):
    async with FaultProxy(server.port) as proxy:
        client, peer = await server.joined(proxy)
        proxy.stall("down")
        peer.writer.write(b"held back")
        client.writer.write(b"ping")
        assert await peer.read(4) == b"ping"
        reading = asyncio.create_task(client.read(9))
        client.writer.write(b"ping")
        assert await peer.read(4) == b"ping"
        assert not reading.done()
        proxy.release("down")

        assert await reading == b"held back"


async def test_a_stalled_reader_is_felt_by_the_writer(server):
    """Or a test of a slow reader would test the proxy's memory."""
    async with FaultProxy(server.port, buffer_bytes=4096) as proxy:
        client, peer = await server.joined(proxy)
        proxy.stall("down")
        sock = peer.writer.get_extra_info("socket")
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
        size = 1 << 20
        peer.writer.write(b"x" * size)
        with pytest.raises(TimeoutError):
            async with asyncio.timeout(0.3):
                await peer.writer.drain()

        assert peer.writer.transport.get_write_buffer_size() > size - (1 << 18)
        proxy.release("down")
        assert await client.read(size) == b"x" * size


async def test_a_client_that_is_gone_can_be_hidden(server):
    """As front ends do that read ahead: only answers tell who is there."""
    async with FaultProxy(server.port, hidden_for=20.0) as proxy:
        client, peer = await server.joined(proxy)
        client.writer.write(b"last words")
        client.writer.transport.abort()
        # More than all buffers on the way hold: somebody reads it.
        for _ in range(200):
            peer.writer.write(b"x" * 100_000)
            await peer.writer.drain()

        assert await peer.read(10) == b"last words"
        assert not peer.reader.at_eof()
        peer.writer.close()


async def test_the_client_of_a_hidden_pipe_still_sees_the_server_end(server):
    async with FaultProxy(server.port, hidden_for=20.0) as proxy:
        client, peer = await server.joined(proxy)
        peer.writer.write(b"bye")
        peer.writer.close()

        assert await client.rest() == (b"bye", "fin")
        client.writer.close()


async def test_faults_are_chosen_by_the_first_bytes_and_can_change(server):
    seen = []

    def rule(opening):
        seen.append((opening.number, opening.head))
        return Faults()

    async with FaultProxy(server.port, rule) as proxy:
        await server.joined(proxy)
        await proxy.wait_opened(1)
        proxy.rule = always(Faults(up=Way(piece_bytes=1)))
        await server.joined(proxy)

        assert seen == [(0, b"hello")]
        assert len(proxy.open_pipes) == 2


async def test_a_cut_can_come_by_time(server):
    async with FaultProxy(server.port, Faults(cut="fin", cut_within=0.05)) as proxy:
        client, peer = await server.joined(proxy)

        assert await client.rest() == (b"", "fin")
        client.writer.close()
        peer.writer.close()


async def test_a_server_that_is_not_there_ends_the_connection(server):
    with socket.socket() as unused:
        unused.bind(("127.0.0.1", 0))
        async with FaultProxy(unused.getsockname()[1]) as proxy:
            client = await server.client(proxy)

            assert (await client.rest())[0] == b""
