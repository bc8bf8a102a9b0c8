"""Whether there is room for one more connection, decided before it costs anything.

Rule 1: whoever is over a limit of their own address is refused. That is an attack,
        or a mistake; an honest person does not open so many.
Rule 2: whoever comes while the process is full is told when to come back, each at
        another time, so that a crowd returns as a queue.
Rule 3: the address of a proxy is nobody's own. While no proxy is trusted to name
        its clients, an address that is not public counts as a proxy's.
"""

from __future__ import annotations

import dataclasses
import ipaddress
from collections import Counter

from goldenpath._settings import Settings
from goldenpath.auth._attempts import network_of
from goldenpath.protocol._rate import Budgets, TokenBucket

_MOST_REMEMBERED = 10_000
# So many handshakes of one address may come at once, in seconds of their rate.
_BURST_SECONDS = 4
# Nobody is sent away for longer.
_LONGEST_WAIT = 30.0
# And nobody for less: what makes the process full does not end sooner.
_SHORTEST_WAIT = 1.0


@dataclasses.dataclass(frozen=True, slots=True)
class NoRoom:
    """Why there is no room.

    Attributes:
        retry_after: Seconds until there may be.
        is_own_fault: Whether it is the address that has too many.
    """

    retry_after: float
    is_own_fault: bool


class Admission:
    """Counts connections and handshakes, of the process and of each address. Pure.

    Args:
        settings: The limits.
        now: Seconds on any clock that never goes back.
    """

    def __init__(self, settings: Settings, *, now: float) -> None:
        self._settings = settings
        self._open = 0
        self._open_from: Counter[str] = Counter()
        self._rate = TokenBucket(
            rate=settings.handshakes_per_second,
            burst=settings.handshakes_burst,
            now=now,
        )
        self._rate_from = Budgets(
            burst=max(1, int(_BURST_SECONDS * settings.handshakes_per_address)),
            refill_every=1 / settings.handshakes_per_address,
            most=_MOST_REMEMBERED,
        )
        self._next_place = now

    @property
    def connections(self) -> int:
        """How many there are, with those that are not accepted yet."""
        return self._open

    @property
    def is_full(self) -> bool:
        """Whether the process has as many connections as it may have."""
        return self._open >= self._settings.connections_at_once

    def enter(
        self, address: str, *, now: float, is_crowded: bool = False
    ) -> NoRoom | None:
        """Count a handshake from an address as a connection, or say why not.

        Whoever was let in has to :meth:`leave`.

        Args:
            address: Where it comes from.
            now: Seconds on the clock of the constructor's.
            is_crowded: Whether too many of those who were let in have yet to greet.
        """
        network = self._network(address)
        if network is not None:
            wait = self._rate_from.wait(network, now=now)
            if wait > 0.0:
                return NoRoom(wait, is_own_fault=True)
            self._rate_from.spend(network, now=now)
            if self._open_from[network] >= self._settings.connections_per_address:
                return NoRoom(_LONGEST_WAIT, is_own_fault=True)
        if self.is_full or is_crowded or self._rate.take(now=now) > 0.0:
            return NoRoom(self._place(now), is_own_fault=False)
        self._open += 1
        if network is not None:
            self._open_from[network] += 1
        return None

    def leave(self, address: str) -> None:
        """Give the place of one connection from an address back."""
        self._open -= 1
        network = self._network(address)
        if network is not None:
            self._open_from[network] -= 1
            if not self._open_from[network]:
                del self._open_from[network]

    def _place(self, now: float) -> float:
        """Return how long to stay away, behind everybody who was told so before."""
        self._next_place = max(self._next_place, now + _SHORTEST_WAIT)
        self._next_place += 1 / self._settings.handshakes_per_second
        return min(self._next_place - now, _LONGEST_WAIT)

    def _network(self, address: str) -> str | None:
        """Return what an address's connections count as, or None for no limit."""
        try:
            is_public = ipaddress.ip_address(address.partition("%")[0]).is_global
        except ValueError:
            is_public = False
        if not is_public and not self._settings.trusted_hops:
            return None
        return network_of(address)
