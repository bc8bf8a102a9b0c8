"""WebSocket messages, read from the bytes that pass by.

Rule 1: nothing is refused: what breaks the rules is written down as it is.
Rule 2: extensions are not understood; ours are never negotiated.
"""

from __future__ import annotations

import dataclasses
import itertools
import struct
from collections.abc import Iterator

_KINDS = {0: "continuation", 1: "text", 2: "binary", 8: "close", 9: "ping", 10: "pong"}


@dataclasses.dataclass(frozen=True, slots=True)
class Message:
    """A whole message, or a control frame.

    Attributes:
        kind: text, binary, close, ping, pong, or the opcode as a number.
        data: The payload, unmasked.
    """

    kind: str
    data: bytes

    @property
    def code(self) -> int:
        """The close code; 1005 if there is none."""
        return struct.unpack("!H", self.data[:2])[0] if len(self.data) > 1 else 1005


class MessageReader:
    """Takes the bytes of one direction, after the heads, and gives its messages."""

    def __init__(self) -> None:
        self._bytes = bytearray()
        self._parts: list[bytes] = []
        self._kind = ""

    def feed(self, data: bytes) -> Iterator[Message]:
        """Take bytes in; return the messages that are whole by now."""
        self._bytes += data
        while (frame := self._frame()) is not None:
            opcode, is_final, payload = frame
            kind = _KINDS.get(opcode, str(opcode))
            if opcode >= 8:
                yield Message(kind, payload)
                continue
            if kind != "continuation":
                self._kind, self._parts = kind, []
            self._parts.append(payload)
            if is_final:
                yield Message(self._kind, b"".join(self._parts))
                self._parts = []

    def _frame(self) -> tuple[int, bool, bytes] | None:
        held = self._bytes
        if len(held) < 2:
            return None
        size, start = held[1] & 0x7F, 2
        width = {126: 2, 127: 8}.get(size, 0)
        if len(held) < start + width:
            return None
        if width:
            size, start = int.from_bytes(held[2 : 2 + width], "big"), 2 + width
        is_masked = bool(held[1] & 0x80)
        if len(held) < start + (4 if is_masked else 0) + size:
            return None
        mask = bytes(held[start : start + 4]) if is_masked else b""
        start += len(mask)
        payload = bytes(held[start : start + size])
        opcode, is_final = held[0] & 0x0F, bool(held[0] & 0x80)
        del held[: start + size]
        if is_masked:
            pairs = zip(payload, itertools.cycle(mask), strict=False)
            payload = bytes(byte ^ key for byte, key in pairs)
        return opcode, is_final, payload
