"""Frames become messages. Pure."""

from __future__ import annotations

from typing import NamedTuple

from picows import WSFrame, WSMsgType

from goldenpath.server._limits import Limits

_PROTOCOL_ERROR, _BAD_TEXT, _POLICY, _TOO_LARGE = 1002, 1007, 1008, 1009


class Flaw(NamedTuple):
    """What is wrong with what a peer sent, and the close code for it."""

    code: int
    reason: str


class Messages:
    """Puts fragments together, within limits.

    Args:
        limits: Sizes and numbers. picows has looked at the size of each frame.
    """

    def __init__(self, limits: Limits) -> None:
        self._limits = limits
        self._fragments: bytearray | None = None
        self._fragment_count = 0
        self._is_text = False

    @property
    def is_unfinished(self) -> bool:
        """Whether more of a message has to come."""
        return self._fragments is not None

    def take(self, frame: WSFrame) -> str | bytes | Flaw | None:
        """Return the message that a data frame makes whole, if it does."""
        kind = frame.msg_type
        if (kind == WSMsgType.CONTINUATION) != self.is_unfinished:
            return Flaw(_PROTOCOL_ERROR, "a fragment out of order")
        try:
            if self._fragments is not None:
                return self._take_fragment(self._fragments, frame)
            if not frame.fin:
                self._fragments = bytearray(frame.get_payload_as_bytes())
                self._fragment_count = 1
                self._is_text = kind == WSMsgType.TEXT
                return None
            if kind == WSMsgType.TEXT:
                return frame.get_payload_as_utf8_text()
            return frame.get_payload_as_bytes()
        except UnicodeDecodeError:
            return Flaw(_BAD_TEXT, "a text that is no UTF-8")

    def _take_fragment(
        self, fragments: bytearray, frame: WSFrame
    ) -> str | bytes | Flaw | None:
        if len(fragments) + frame.payload_size > self._limits.message_bytes:
            return Flaw(_TOO_LARGE, "a message is too large")
        self._fragment_count += 1
        if self._fragment_count > self._limits.message_fragments:
            return Flaw(_POLICY, "a message has too many fragments")
        fragments += frame.get_payload_as_bytes()
        if not frame.fin:
            return None
        self._fragments = None
        return fragments.decode() if self._is_text else bytes(fragments)
