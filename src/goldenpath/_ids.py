"""New names for things: 128 random bits, safe in URLs."""

from __future__ import annotations

import secrets


def new_id() -> str:
    """Return an identifier that nobody can guess: 22 characters, 128 bits."""
    return secrets.token_urlsafe(16)
