"""What is wrong with the head of a request. Pure.

A request that one machine on the way reads differently from another is the root of
request smuggling, so whatever is ambiguous is refused rather than interpreted.
"""

from __future__ import annotations

import base64
import binascii
import re

import h11

from goldenpath.server._limits import Limits

_BLANK_LINE = re.compile(rb"\n\r?\n")


class HeadError(h11.RemoteProtocolError):
    """A head that is refused.

    Args:
        message: What is wrong with it.
        status: What it is answered with.
        headers: Added to that answer.
    """

    def __init__(
        self,
        message: str,
        status: int = 400,
        headers: tuple[tuple[bytes, bytes], ...] = (),
    ) -> None:
        super().__init__(message, error_status_hint=status)
        self.headers = headers


def check_lines(received: bytes) -> None:
    """Let what has come of a head pass if each of its lines stands for itself.

    The parser joins a folded line to the one before it. Others on the way drop it,
    and a ``Transfer-Encoding`` with it.

    Raises:
        HeadError: A line is folded.
    """
    head = _BLANK_LINE.split(received, maxsplit=1)[0]
    if b"\n " in head or b"\n\t" in head:
        raise HeadError("a line of the head is folded")


def check_head(request: h11.Request, limits: Limits) -> None:
    """Let a head pass that has one meaning only.

    Raises:
        HeadError: It has not.
    """
    headers = list(request.headers)
    size = len(request.target) + sum(len(n) + len(v) + 4 for n, v in headers)
    if len(headers) > limits.head_lines or size > limits.head_bytes:
        raise HeadError("the head of the request is too large", 431)
    names = [name for name, _ in headers]
    if b"transfer-encoding" in names and b"content-length" in names:
        raise HeadError("the body has two lengths")
    if is_handshake(request):
        _check_handshake(request, names)


def is_handshake(request: h11.Request) -> bool:
    """Tell whether a request means to become a WebSocket, well-formed or not."""
    return any(
        (name == b"upgrade" and b"websocket" in _tokens(value))
        or name == b"sec-websocket-key"
        for name, value in request.headers
    )


def _check_handshake(request: h11.Request, names: list[bytes]) -> None:
    headers = dict(request.headers)
    for name in (b"upgrade", b"sec-websocket-key", b"sec-websocket-version"):
        if names.count(name) != 1:
            raise HeadError(
                f"a handshake has one {name.decode()} header; "
                "does a proxy on the way remove it?"
            )
    if request.method != b"GET" or request.http_version != b"1.1":
        raise HeadError("a handshake is a GET of HTTP/1.1")
    if _tokens(headers[b"upgrade"]) != [b"websocket"]:
        raise HeadError("a handshake upgrades to websocket and nothing else")
    connection = [v for n, v in request.headers if n == b"connection"]
    tokens = [token for value in connection for token in _tokens(value)]
    if b"upgrade" not in tokens or b"close" in tokens:
        raise HeadError("a handshake has a header 'Connection: upgrade'")
    if b"content-length" in names or b"transfer-encoding" in names:
        raise HeadError("a handshake has no body")
    if b"expect" in names:
        raise HeadError("a handshake expects nothing")
    try:
        key = base64.b64decode(headers[b"sec-websocket-key"], validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 16:
        raise HeadError("the sec-websocket-key is no 16 bytes of base64")
    if headers[b"sec-websocket-version"] != b"13":
        raise HeadError(
            "the version of the protocol is 13",
            426,
            ((b"upgrade", b"websocket"), (b"sec-websocket-version", b"13")),
        )


def _tokens(value: bytes) -> list[bytes]:
    return [token.strip().lower() for token in value.split(b",") if token.strip()]
