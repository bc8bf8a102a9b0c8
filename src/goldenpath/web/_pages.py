"""The bundled pages and their files, with the headers that make them safe.

Rule 1: nothing is served that is not listed here; a name is never a path.
Rule 2: a page may load only what came with it, and nobody may frame it.
"""

from __future__ import annotations

import dataclasses
import functools
import hashlib
from collections.abc import Mapping
from importlib import resources
from types import MappingProxyType
from typing import Literal

_PAGES = {"chat": "chat.html", "login": "login.html"}
_ASSETS = {
    "app.css": "text/css; charset=utf-8",
    "app.js": "text/javascript; charset=utf-8",
    "icon.svg": "image/svg+xml",
    "licenses.txt": "text/plain; charset=utf-8",
    "login.js": "text/javascript; charset=utf-8",
    "theme.js": "text/javascript; charset=utf-8",
}

# No source of script or style but our own files, and no text that becomes HTML
# except through Lit's templates, which are constants.
CONTENT_SECURITY_POLICY = (
    "default-src 'none'; "
    "script-src 'self'; "
    "style-src 'self'; "
    "connect-src 'self'; "
    "img-src 'self' data:; "
    "font-src 'self'; "
    "base-uri 'none'; "
    "form-action 'self'; "
    "frame-ancestors 'none'; "
    "require-trusted-types-for 'script'; "
    "trusted-types lit-html"
)
_COMMON = {
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Resource-Policy": "same-origin",
}
_PAGE_ONLY = {
    "Content-Security-Policy": CONTENT_SECURITY_POLICY,
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), geolocation=(), microphone=()",
    "X-Frame-Options": "DENY",
    # Somebody else may be logged in the next time.
    "Cache-Control": "no-store",
}
_SVG_ONLY = {"Content-Security-Policy": "default-src 'none'"}


@dataclasses.dataclass(frozen=True, slots=True)
class Asset:
    """A file as it is served.

    Attributes:
        content: Its bytes.
        media_type: What they are.
        headers: What has to be said with them.
    """

    content: bytes
    media_type: str
    headers: Mapping[str, str]


@functools.cache
def page(name: Literal["chat", "login"]) -> Asset:
    """Return a page."""
    content = _read(_PAGES[name])
    headers = _COMMON | _PAGE_ONLY
    return Asset(content, "text/html; charset=utf-8", MappingProxyType(headers))


def asset(name: str) -> Asset | None:
    """Return a file that the pages need, or None if they need no such file."""
    return _asset(name) if name in _ASSETS else None


@functools.cache
def _asset(name: str) -> Asset:
    content = _read(name)
    # Asking each time costs little, and a page never meets the files of another
    # version, whichever instance answers during a deploy.
    headers = _COMMON | {
        "ETag": f'"{hashlib.sha256(content).hexdigest()[:32]}"',
        "Cache-Control": "no-cache",
    }
    if name.endswith(".svg"):
        headers |= _SVG_ONLY
    return Asset(content, _ASSETS[name], MappingProxyType(headers))


def _read(name: str) -> bytes:
    return resources.files("goldenpath.web").joinpath("static", name).read_bytes()
