"""How often somebody may try to log in.

Rule 1: what is counted is a name together with an address, and an address alone.
        Never a name alone: then anybody could lock anybody out.
Rule 2: an attempt is counted before the password is looked at, so that a hundred
        at once are a hundred; it is given back if the password was right.
Rule 3: memory is bounded. The least recently used are forgotten first, and to fill
        the memory takes so many addresses that guessing from each is cheaper.
"""

from __future__ import annotations

import ipaddress

from goldenpath.protocol._rate import Budgets

# People behind one address (an office, a phone network) share its attempts.
_PEOPLE_PER_ADDRESS = 4
_MOST_REMEMBERED = 10_000


class LoginAttempts:
    """The attempts of everybody, and when the next may be made.

    Args:
        at_once: Failed attempts in a row for one name from one address.
        refill_every: Seconds after which one more is allowed.
        most_remembered: Names and addresses that are kept in mind, of each.
    """

    def __init__(
        self,
        *,
        at_once: int,
        refill_every: float,
        most_remembered: int = _MOST_REMEMBERED,
    ) -> None:
        self._accounts = Budgets(at_once, refill_every, most_remembered)
        self._addresses = Budgets(
            at_once * _PEOPLE_PER_ADDRESS,
            refill_every / _PEOPLE_PER_ADDRESS,
            most_remembered,
        )

    def spend(self, name: str, address: str, *, now: float) -> float:
        """Count an attempt and return 0.0, or the seconds to wait before one.

        An attempt that must wait is not counted.
        """
        network = network_of(address)
        account = (name, network)
        wait = max(
            self._accounts.wait(account, now=now),
            self._addresses.wait(network, now=now),
        )
        if wait > 0.0:
            return wait
        self._accounts.spend(account, now=now)
        self._addresses.spend(network, now=now)
        return 0.0

    def give_back(self, name: str, address: str, *, now: float) -> None:
        """Forget a name's failures here: the password was right.

        Of the address, only this attempt is forgotten. With more, somebody could
        log in as themselves between any two guesses at somebody else.
        """
        network = network_of(address)
        self._accounts.forget((name, network))
        self._addresses.give_back(network, now=now)


def network_of(address: str) -> str:
    """Return what one person can hardly change about their address.

    Of IPv6 that is the first half: the other is theirs to choose.
    """
    try:
        parsed = ipaddress.ip_address(address.partition("%")[0])
    except ValueError:
        return address[:64]
    if isinstance(parsed, ipaddress.IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return parsed.packed[:8].hex(":", 2)
    return str(parsed)
