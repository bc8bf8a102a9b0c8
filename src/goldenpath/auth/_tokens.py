"""Secrets that a client holds and the database knows only by their hash."""

from __future__ import annotations

import hashlib
import secrets


def new_token() -> str:
    """Return a secret of 256 random bits, safe in cookies, headers and JSON."""
    return secrets.token_urlsafe(32)


def token_hash(token: str) -> bytes:
    """Return what is stored of a token.

    A plain hash is enough, since a token has nothing to guess. Looking up by it
    also takes timing away: nobody can choose a hash that shares a prefix.
    """
    # A client may send anything, lone surrogates included.
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).digest()
