"""The head of a request, as a front end of a serverless host hands it on.

Rule 1: nothing here waits or reads a clock or the dice.
Rule 2: what a client wrote stays in front of what the front end adds, so that a
        server that believes the first of a list believes the client.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Collection

import h11

HEAD_BYTES = 64 * 1024
_HOP_BY_HOP = frozenset(
    {
        b"connection",
        b"keep-alive",
        b"proxy-connection",
        b"te",
        b"trailer",
        b"upgrade",
        b"http2-settings",
    }
)


class HeadError(Exception):
    """There is no head that could be handed on.

    Args:
        status: What to answer.
    """

    def __init__(self, status: int) -> None:
        super().__init__(f"answer {status}")
        self.status = status


@dataclasses.dataclass(frozen=True, slots=True)
class Head:
    """What a client asked for.

    Attributes:
        method: Such as ``GET``.
        target: Path and query.
        headers: Names are in lower case, as HTTP/2 has them.
        rest: What came after the head.
    """

    method: str
    target: str
    headers: tuple[tuple[bytes, bytes], ...]
    rest: bytes = b""

    def values(self, name: bytes) -> list[bytes]:
        """Return the values of a header, in order."""
        return [value for known, value in self.headers if known == name]

    @property
    def wants_upgrade(self) -> bool:
        """Whether the connection shall become a WebSocket."""
        words = b",".join(self.values(b"connection")).lower().split(b",")
        return b"upgrade" in {word.strip() for word in words} and any(
            value.lower() == b"websocket" for value in self.values(b"upgrade")
        )

    def cookie(self, name: str) -> str | None:
        """Return the value of a cookie."""
        for line in self.values(b"cookie"):
            for part in line.decode("latin-1").split(";"):
                key, _, value = part.strip().partition("=")
                if key == name:
                    return value
        return None


def read_head(data: bytes) -> Head | None:
    """Return the head of a request, or None if more of it has to come.

    Raises:
        HeadError: It is too long, or no request.
    """
    if b"\r\n\r\n" not in data[:HEAD_BYTES]:
        if len(data) >= HEAD_BYTES:
            raise HeadError(431)
        return None
    parser = h11.Connection(h11.SERVER, max_incomplete_event_size=HEAD_BYTES)
    try:
        parser.receive_data(data)
        request = parser.next_event()
    except h11.RemoteProtocolError as error:
        raise HeadError(error.error_status_hint) from None
    if not isinstance(request, h11.Request):
        raise HeadError(400)
    return Head(
        method=request.method.decode(),
        target=request.target.decode("latin-1"),
        headers=tuple(request.headers),
        rest=data[data.index(b"\r\n\r\n") + 4 :],
    )


def handed_on(
    head: Head, *, peer: str, trace: str, strip: Collection[str] = ()
) -> bytes:
    """Return the head that an instance is sent.

    Args:
        head: What the client sent.
        peer: The client's address.
        trace: 32 hexadecimal digits that name the request.
        strip: Headers that this front end takes away, in lower case.
    """
    named = b",".join(head.values(b"connection")).lower().split(b",")
    dropped = _HOP_BY_HOP | {name.strip() for name in named}
    dropped |= {name.encode() for name in strip}
    ours = {
        b"x-forwarded-for": peer.encode(),
        b"x-forwarded-proto": b"https",
        b"forwarded": f'for="{peer}";proto=https'.encode(),
        b"via": b"1.1 emulator",
        b"traceparent": f"00-{trace}-{trace[:16]}-01".encode(),
        b"x-cloud-trace-context": f"{trace}/1;o=1".encode(),
    }
    joined = {b"x-forwarded-for", b"forwarded", b"via", b"sec-websocket-protocol"}
    lines = [
        (name, value)
        for name, value in head.headers
        if name not in dropped and name not in joined
    ]
    lines += [(name, value) for name, value in ours.items() if name not in joined]
    for name in sorted(joined):
        added = [ours[name]] if name in ours else []
        values = ([] if name in dropped else head.values(name)) + added
        if values:
            lines.append((name, b", ".join(values)))
    if head.wants_upgrade:
        lines += [(b"connection", b"Upgrade"), (b"upgrade", b"websocket")]
    else:
        # One request a connection: the next one may go to another instance.
        lines.append((b"connection", b"close"))
    first = f"{head.method} {head.target} HTTP/1.1\r\n".encode("latin-1")
    return first + b"".join(b"%s: %s\r\n" % line for line in lines) + b"\r\n"


class AnswerHead:
    """Adds a header to the head of an answer, as the bytes of it come by.

    Args:
        line: The header; empty adds nothing.
    """

    def __init__(self, line: bytes) -> None:
        self._line = line
        self._held: bytes | None = b"" if line else None

    def edit(self, data: bytes) -> bytes:
        """Return what goes on instead of the bytes that came."""
        if self._held is None:
            return data
        self._held += data
        end = self._held.find(b"\r\n\r\n")
        if end < 0:
            return b""
        data = self._held[: end + 2] + self._line + b"\r\n" + self._held[end + 2 :]
        self._held = None
        return data


def refusal(status: int, text: str, *, retry_after: int | None = None) -> bytes:
    """Return an answer of the front end itself."""
    body = text.encode()
    lines = [
        f"HTTP/1.1 {status} Refused",
        "content-type: text/plain",
        f"content-length: {len(body)}",
        "connection: close",
    ]
    if retry_after is not None:
        lines.append(f"retry-after: {retry_after}")
    return ("\r\n".join(lines) + "\r\n\r\n").encode() + body
