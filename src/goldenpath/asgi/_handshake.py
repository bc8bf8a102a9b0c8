"""Who asks, read from a request's headers; the same for HTTP and WebSocket."""

from __future__ import annotations

import ipaddress
import logging
from urllib.parse import parse_qsl

from starlette.requests import HTTPConnection

from goldenpath.auth._identity import Credentials
from goldenpath.auth._origins import is_allowed
from goldenpath.errors import RefusedError

_logger = logging.getLogger(__name__)

# Names that a credential would have in a URL, where proxies and logs keep it.
_CREDENTIAL_PARAMETERS = frozenset(
    (
        "__host-goldenpath",
        "access_token",
        "api_key",
        "apikey",
        "auth",
        "authorization",
        "bearer",
        "cookie",
        "goldenpath",
        "id_token",
        "jwt",
        "passwd",
        "password",
        "refresh_token",
        "secret",
        "session",
        "session_id",
        "sessionid",
        "ticket",
        "token",
    )
)


def is_secure(request: HTTPConnection, origins: tuple[str, ...]) -> bool:
    """Tell whether people reach this server over TLS, as far as it can know."""
    if origins:
        return all(origin.startswith("https://") for origin in origins)
    return request.url.scheme in ("https", "wss")


def cookie_name(*, secure: bool) -> str:
    """Return the session cookie's name; RFC 6265bis, section 4.1.3, on the prefix."""
    return "__Host-goldenpath" if secure else "goldenpath"


def credentials_of(request: HTTPConnection, origins: tuple[str, ...]) -> Credentials:
    """Return what a request brought along to say who it is."""
    scheme, _, bearer = request.headers.get("authorization", "").partition(" ")
    secure = is_secure(request, origins)
    # Several Origin headers are joined, and refused as such.
    origin = ",".join(request.headers.getlist("origin")) or None
    return Credentials(
        cookie=request.cookies.get(cookie_name(secure=secure)),
        bearer=bearer.strip() if scheme.lower() == "bearer" else None,
        origin=origin,
    )


def may_use_cookie(
    request: HTTPConnection, credentials: Credentials, origins: tuple[str, ...]
) -> bool:
    """Tell whether the page that asks may act with its user's cookie."""
    return is_allowed(
        credentials.origin,
        allowed=origins,
        scheme=request.url.scheme,
        host=request.headers.get("host"),
    )


def comes_from_own_page(
    request: HTTPConnection, credentials: Credentials, origins: tuple[str, ...]
) -> bool:
    """Tell whether a page that may do so asks for a change, or no page at all.

    No browser leaves ``Origin`` out of what a foreign page sends, unless somebody
    taught it to; then ``Sec-Fetch-Site``, which no page can write, may still be there.
    A program sends neither, and no cookie that was not meant.
    """
    site = request.headers.get("sec-fetch-site", "")
    is_foreign = site in ("cross-site", "same-site")
    if credentials.origin is None:
        return credentials.cookie is None and not is_foreign
    # A page of an origin on the list may be of another site.
    if is_foreign and not origins:
        return False
    return may_use_cookie(request, credentials, origins)


def require_no_credential_in_url(request: HTTPConnection) -> None:
    """See that a request brings no credential where proxies and logs keep it.

    Raises:
        RefusedError: It does; whether it is a good one plays no part.
    """
    query = parse_qsl(request.url.query, keep_blank_values=True)
    if any(name.lower() in _CREDENTIAL_PARAMETERS for name, _ in query):
        _logger.warning("%r was asked with a credential in the URL", request.url.path)
        raise RefusedError(
            "bad_message",
            "a credential in the URL is written to logs on its way; "
            "send it in a header, or a ticket in hello",
        )


def client_address(request: HTTPConnection, trusted_hops: int) -> str:
    """Return the address that a request came from, as far as it can be believed.

    Args:
        request: What came.
        trusted_hops: How many proxies in front append the address of whoever talks
            to them to ``X-Forwarded-For``. What stands further left came from
            outside, where anybody can write anything.
    """
    peer = request.client.host if request.client else ""
    if trusted_hops < 1:
        return peer
    forwarded = ",".join(request.headers.getlist("x-forwarded-for"))
    hops = forwarded.rsplit(",", trusted_hops)[-trusted_hops:]
    if len(hops) < trusted_hops:
        return peer  # it did not come by way of all of them
    # A proxy that writes something else than an address is not one of those.
    return _address(hops[0].strip()) or peer


def _address(text: str) -> str | None:
    """Read an address, from which some proxies do not leave out the port."""
    if text.startswith("["):
        text = text[1:].partition("]")[0]
    elif text.count(":") == 1:
        text = text.partition(":")[0]
    try:
        return str(ipaddress.ip_address(text))
    except ValueError:
        return None
