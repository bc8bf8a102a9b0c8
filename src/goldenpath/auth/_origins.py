"""Which pages may use the session cookie.

Rule 1: scheme, host and port are compared whole. No prefix, suffix or pattern.
Rule 2: what cannot be read without doubt is refused; nothing is repaired.
"""

from __future__ import annotations

import ipaddress
import re
from typing import NamedTuple

from goldenpath.errors import SettingsError

_DEFAULT_PORTS = {"http": 80, "https": 443}
_PAGE_SCHEMES = {"http": "http", "https": "https", "ws": "http", "wss": "https"}
# Labels between single dots, so that a trailing dot does not match; or an IPv6
# address. A port has no leading zero.
_PLACE = re.compile(
    r"(?P<host>[a-z0-9_-]+(?:\.[a-z0-9_-]+)*|\[[0-9a-f:.]+\])"
    r"(?::(?P<port>[1-9][0-9]{0,4}))?"
)


class _Origin(NamedTuple):
    scheme: str
    host: str
    port: int


def is_allowed(
    origin: str | None, *, allowed: tuple[str, ...], scheme: str, host: str | None
) -> bool:
    """Return whether a page of this origin may act as its user.

    Args:
        origin: The ``Origin`` header, joined by commas if there were several.
        allowed: Origins as in ``Settings.origins``; if there are none, the
            request's own is the only one.
        scheme: How the request came: ``http``, ``https``, ``ws`` or ``wss``.
        host: Its ``Host`` header.
    """
    asking = None if origin is None else _parse(origin)
    if asking is None:
        return False
    if allowed:
        return asking in [_parse(one) for one in allowed]
    page_scheme = _PAGE_SCHEMES.get(scheme.lower())
    if page_scheme is None or host is None:
        return False
    return asking == _place(page_scheme, host)


def check_origins(allowed: tuple[str, ...]) -> None:
    """See that every origin in the settings can match a page's.

    Raises:
        SettingsError: One has a path, a wildcard, or is no origin at all.
    """
    for one in allowed:
        if _parse(one) is None:
            raise SettingsError(
                f"{one!r} is not an origin; write it as a browser does: scheme, host "
                "and port only, such as 'https://app.example.com'"
            )


def _parse(text: str) -> _Origin | None:
    scheme, separator, place = text.partition("://")
    scheme = scheme.lower()
    if not separator or scheme not in _DEFAULT_PORTS:
        return None
    return _place(scheme, place)


def _place(scheme: str, text: str) -> _Origin | None:
    # Before folding: the Kelvin sign, for one, would become an ASCII k.
    if not text.isascii():
        return None
    found = _PLACE.fullmatch(text.lower())
    if found is None:
        return None
    host = found["host"]
    if host.startswith("["):
        try:
            # One form for the many spellings of an address.
            host = ipaddress.IPv6Address(host[1:-1]).packed.hex(":", 2)
        except ValueError:
            return None
    port = int(found["port"] or _DEFAULT_PORTS[scheme])
    return _Origin(scheme, host, port) if port <= 65535 else None
