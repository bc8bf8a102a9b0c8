"""What happens to bytes on their way: a description, and the rule that applies it.

Rule 1: nothing here waits or reads a clock. Time comes in as ``now``.
Rule 2: order is kept and no byte is invented: bytes are late, or never arrive.
"""

from __future__ import annotations

import dataclasses
import random
from collections import deque
from collections.abc import Callable
from typing import Literal

Direction = Literal["up", "down"]
Cut = Literal["fin", "rst", "torn"]
NEVER = float("inf")


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Way:
    """What happens to the bytes of one direction; the defaults do nothing.

    Attributes:
        delay: Seconds that every piece takes.
        jitter: Up to so many seconds more, drawn anew for each piece.
        bytes_per_second: How fast bytes pass; None means as fast as they can.
        piece_bytes: Bytes leave in pieces of at most so many; None leaves them alone.
        gather: Seconds for which bytes are gathered, to leave in one piece.
        stall_after: After so many bytes nothing passes any more until it is released.
        cut_after: After so many bytes the connection is cut.
    """

    delay: float = 0.0
    jitter: float = 0.0
    bytes_per_second: float | None = None
    piece_bytes: int | None = None
    gather: float = 0.0
    stall_after: int | None = None
    cut_after: int | None = None


@dataclasses.dataclass(frozen=True, slots=True, kw_only=True)
class Faults:
    """What happens to one connection.

    Attributes:
        up: To the bytes from the client to the server.
        down: To the bytes from the server to the client.
        cut: How a cut looks: ``fin`` ends both sides as a farewell does, ``rst``
            resets both, ``torn`` ends the client's side within a frame and leaves
            the server's side open and silent.
        cut_within: Seconds from the first byte to a cut; None means there is none.
    """

    up: Way = Way()
    down: Way = Way()
    cut: Cut = "rst"
    cut_within: float | None = None


@dataclasses.dataclass(frozen=True, slots=True)
class Opening:
    """What is known of a connection when its faults are chosen.

    Attributes:
        number: 0 for the first connection, and so on.
        head: The first bytes that the client sent.
    """

    number: int
    head: bytes

    @property
    def is_websocket(self) -> bool:
        """Whether it asks for an upgrade to a WebSocket."""
        return b"upgrade: websocket" in self.head.lower()


Rule = Callable[[Opening], Faults]


def always(faults: Faults) -> Rule:
    """Return the rule that does the same to every connection."""
    return lambda _: faults


def websockets_only(rule: Rule) -> Rule:
    """Return the rule that spares plain requests, such as those for a login."""
    spared = Faults()
    return lambda opening: rule(opening) if opening.is_websocket else spared


def seeded(seed: int, *, worst: float = 0.05) -> Rule:
    """Return a rule that draws faults for each connection from a seed.

    Three in ten connections are left alone, so that there is always progress.

    Args:
        seed: The same seed draws the same faults for the same connection.
        worst: Longest delay of a piece, in seconds.
    """

    def draw(opening: Opening) -> Faults:
        rng = random.Random(f"{seed}-{opening.number}")  # noqa: S311 - it shall repeat
        if rng.random() < 0.3:
            return Faults()
        return Faults(
            up=_drawn(rng, worst),
            down=_drawn(rng, worst),
            cut=rng.choice(("fin", "rst", "torn")),
            cut_within=rng.choice((None, None, rng.uniform(0.05, 2.0))),
        )

    return draw


def _drawn(rng: random.Random, worst: float) -> Way:
    match rng.choice(("none", "late", "pieces", "gather", "cut")):
        case "late":
            return Way(delay=rng.uniform(0.0, worst), jitter=rng.uniform(0.0, worst))
        case "pieces":
            return Way(piece_bytes=rng.choice((1, 2, 7, 100)))
        case "gather":
            return Way(gather=rng.uniform(0.0, worst))
        case "cut":
            return Way(cut_after=rng.randrange(1, 20_000))
        case _:
            return Way()


class Passage:
    """Decides when the bytes of one direction go on.

    Args:
        way: What happens to them.
        dice: Draws the jitter.
    """

    def __init__(self, way: Way, dice: random.Random) -> None:
        self.way = way
        self.passed = 0
        self.held_bytes = 0
        self._dice = dice
        self._waiting: deque[tuple[float, bytes]] = deque()
        self._window_ends = 0.0
        self._is_free_at = 0.0
        self._limit = way.stall_after

    @property
    def is_cut(self) -> bool:
        """Whether as many bytes have passed as may."""
        return self.way.cut_after is not None and self.passed >= self.way.cut_after

    @property
    def is_stalled(self) -> bool:
        """Whether nothing passes until it is released."""
        return self._limit is not None and self.passed >= self._limit

    def stall(self) -> None:
        """Let nothing pass from now on."""
        self._limit = self.passed

    def release(self) -> None:
        """End a stall, and have no other."""
        self._limit = None

    def take(self, data: bytes, *, now: float) -> None:
        """Take bytes in, in the order in which they came."""
        size = self.way.piece_bytes or max(1, len(data))
        for start in range(0, len(data), size):
            piece = data[start : start + size]
            self._waiting.append((self._due(piece, now), piece))
            self.held_bytes += len(piece)

    def next_at(self) -> float:
        """Return when the next bytes may leave: ``NEVER`` if none can."""
        if not self._waiting or self.is_stalled or self.is_cut:
            return NEVER
        return self._waiting[0][0]

    def leave(self, *, now: float) -> list[bytes]:
        """Return the pieces that leave now."""
        pieces: list[bytes] = []
        while self.next_at() <= now:
            due, piece = self._waiting.popleft()
            may_pass = self._may_pass()
            if len(piece) > may_pass:
                self._waiting.appendleft((due, piece[may_pass:]))
                piece = piece[:may_pass]
            self.passed += len(piece)
            self.held_bytes -= len(piece)
            pieces.append(piece)
        if self.way.gather and len(pieces) > 1:
            return [b"".join(pieces)]
        return pieces

    def _may_pass(self) -> int:
        limits = (self._limit, self.way.cut_after)
        left = (limit - self.passed for limit in limits if limit is not None)
        return min(left, default=1 << 62)

    def _due(self, piece: bytes, now: float) -> float:
        due = now + self.way.delay
        if self.way.jitter:
            due += self._dice.uniform(0.0, self.way.jitter)
        if self.way.gather:
            if now >= self._window_ends:
                self._window_ends = now + self.way.gather
            due = max(due, self._window_ends)
        if self.way.bytes_per_second is not None:
            due = max(due, self._is_free_at)
            self._is_free_at = due + len(piece) / self.way.bytes_per_second
        # Order needs no care: a piece waits for all that came before it.
        return due
