"""A WebSocket peer that may break any rule: bytes in, bytes out."""

import base64
import contextlib
import os
import socket
import struct
from collections.abc import Iterable
from typing import Self

SUBPROTOCOL = "goldenpath.v1"
TEXT, BINARY, CLOSE, PING, PONG, CONTINUATION = 0x1, 0x2, 0x8, 0x9, 0xA, 0x0


def handshake(
    host: str,
    *,
    path: str = "/ws",
    headers: Iterable[tuple[str, str]] = (),
    subprotocol: str | None = SUBPROTOCOL,
) -> bytes:
    """Return the head of an upgrade request."""
    lines = [
        f"GET {path} HTTP/1.1",
        f"Host: {host}",
        "Connection: Upgrade",
        "Upgrade: websocket",
        "Sec-WebSocket-Version: 13",
        f"Sec-WebSocket-Key: {base64.b64encode(os.urandom(16)).decode()}",
    ]
    if subprotocol is not None:
        lines.append(f"Sec-WebSocket-Protocol: {subprotocol}")
    lines += [f"{name}: {value}" for name, value in headers]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def frame(
    payload: bytes | str,
    *,
    opcode: int = TEXT,
    final: bool = True,
    reserved: int = 0,
    masked: bool = True,
    length: int | None = None,
) -> bytes:
    """Return one frame; ``length`` lies about the payload's size."""
    data = payload.encode() if isinstance(payload, str) else payload
    size = len(data) if length is None else length
    first = (0x80 if final else 0) | (reserved << 4) | opcode
    mask_bit = 0x80 if masked else 0
    if size < 126:
        head = struct.pack("!BB", first, mask_bit | size)
    elif size < 1 << 16:
        head = struct.pack("!BBH", first, mask_bit | 126, size)
    else:
        head = struct.pack("!BBQ", first, mask_bit | 127, size)
    if not masked:
        return head + data
    mask = os.urandom(4)
    repeated = (mask * (len(data) // 4 + 1))[: len(data)]
    mixed = int.from_bytes(data, "big") ^ int.from_bytes(repeated, "big")
    return head + mask + mixed.to_bytes(len(data), "big")


class RawPeer:
    """A TCP connection to a server on this machine, blocking, with a deadline.

    Args:
        port: Where the server listens.
        receive_buffer: Bytes that the kernel keeps for this side, if it should be few.
        within: Seconds after which a read or write raises ``TimeoutError``.
    """

    def __init__(
        self, port: int, *, receive_buffer: int | None = None, within: float = 30.0
    ) -> None:
        self.port = port
        self.socket = socket.socket()
        if receive_buffer is not None:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, receive_buffer)
        self.socket.settimeout(within)
        try:
            self.socket.connect(("127.0.0.1", port))
        except OSError:
            self.socket.close()
            raise
        self.received = b""

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()

    def close(self) -> None:
        """Close the TCP connection."""
        self.socket.close()

    def reset(self) -> None:
        """Close it so that the other side sees a reset."""
        self.socket.setsockopt(
            socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0)
        )
        self.socket.close()

    def send(self, data: bytes) -> None:
        """Send bytes."""
        self.socket.sendall(data)

    def open(self, **how: object) -> tuple[int, dict[str, str], bytes]:
        """Shake hands; return the status, the headers and an error's body."""
        self.send(handshake(f"127.0.0.1:{self.port}", **how))  # type: ignore[arg-type]
        return self.read_head()

    def read_head(self) -> tuple[int, dict[str, str], bytes]:
        """Read the head of an answer, and its body if it is no upgrade."""
        while b"\r\n\r\n" not in self.received:
            self._more()
        head, _, self.received = self.received.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = dict(line.lower().split(": ", 1) for line in lines if ": " in line)
        status = int(first.split(" ")[1])
        body = b""
        if status != 101:
            size = int(headers.get("content-length", "0"))
            while len(self.received) < size:
                self._more()
            body, self.received = self.received[:size], self.received[size:]
        return status, headers, body

    def read_frame(self) -> tuple[int, bytes]:
        """Return the next frame's opcode and payload.

        Raises:
            ConnectionError: There is none any more.
        """
        self._need(2)
        size = self.received[1] & 0x7F
        start = 2
        if size == 126:
            self._need(4)
            size, start = struct.unpack("!H", self.received[2:4])[0], 4
        elif size == 127:
            self._need(10)
            size, start = struct.unpack("!Q", self.received[2:10])[0], 10
        self._need(start + size)
        opcode = self.received[0] & 0x0F
        payload = self.received[start : start + size]
        self.received = self.received[start + size :]
        return opcode, payload

    def read_close(self) -> tuple[int, str]:
        """Skip what comes until the close frame; return its code and reason."""
        while True:
            opcode, payload = self.read_frame()
            if opcode == CLOSE:
                code = struct.unpack("!H", payload[:2])[0] if payload else 1005
                return code, payload[2:].decode()

    def read_to_end(self) -> bytes:
        """Return everything until the server closes the TCP connection."""
        with contextlib.suppress(ConnectionError):
            while True:
                self._more()
        left, self.received = self.received, b""
        return left

    def _need(self, size: int) -> None:
        while len(self.received) < size:
            self._more()

    def _more(self) -> None:
        data = self.socket.recv(1 << 16)
        if not data:
            raise ConnectionError("the server closed the connection")
        self.received += data
