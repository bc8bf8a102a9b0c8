from __future__ import annotations

import jwt

from lumen.authz.api import Subject


class TokenAuthenticator:
    """Finds out who calls, from the bearer token."""

    def __init__(self, key: str, revoked: set[str]) -> None:
        self._key = key
        self._revoked = revoked

    async def authenticate(self, header: str) -> Subject | None:
        if not header.startswith("Bearer "):
            return None
        try:
            claims = jwt.decode(
                header[7:], self._key, algorithms=["RS256"], audience="lumen"
            )
        except jwt.InvalidTokenError:
            return None
        if claims["jti"] in self._revoked:
            return None
        return Subject(
            claims["sub"], claims["tenant"], frozenset(claims.get("roles", ()))
        )

    async def revoke(self, token_id: str) -> None:
        self._revoked.add(token_id)
