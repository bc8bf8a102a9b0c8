"""Servers that answer a handshake in one way, whatever was offered."""

from __future__ import annotations

import base64
import contextlib
import hashlib
import re
import socket
import threading

_MAGIC = b"258EAFA5-E914-47DA-95CA-C5AB0DC85B11"


class Stubborn:
    """Accepts every handshake, and always selects the same subprotocol, or none."""

    def __init__(self, subprotocol: str | None) -> None:
        self._subprotocol = subprotocol
        self._listening = socket.create_server(("127.0.0.1", 0))
        self._accepted: list[socket.socket] = []
        self.url = f"ws://127.0.0.1:{self._listening.getsockname()[1]}/ws"
        self._thread = threading.Thread(target=self._serve, daemon=True)
        self._thread.start()

    def close(self) -> None:
        """Stop listening, and drop whoever came."""
        with contextlib.suppress(OSError):
            self._listening.shutdown(socket.SHUT_RDWR)
        self._listening.close()
        self._thread.join(timeout=10)
        for accepted in self._accepted:
            accepted.close()

    def _serve(self) -> None:
        while True:
            try:
                accepted, _ = self._listening.accept()
            except OSError:
                return
            self._accepted.append(accepted)
            head = b""
            while b"\r\n\r\n" not in head and (data := accepted.recv(4096)):
                head += data
            with contextlib.suppress(OSError):
                accepted.sendall(self._answer(head))

    def _answer(self, head: bytes) -> bytes:
        key = re.search(rb"(?i)sec-websocket-key: *(\S+)", head)
        if key is None:
            return b"HTTP/1.1 400 Bad Request\r\nContent-Length: 0\r\n\r\n"
        accept = base64.b64encode(hashlib.sha1(key[1] + _MAGIC).digest()).decode()
        lines = [
            "HTTP/1.1 101 Switching Protocols",
            "Upgrade: websocket",
            "Connection: Upgrade",
            f"Sec-WebSocket-Accept: {accept}",
        ]
        if self._subprotocol is not None:
            lines.append(f"Sec-WebSocket-Protocol: {self._subprotocol}")
        return ("\r\n".join(lines) + "\r\n\r\n").encode()
