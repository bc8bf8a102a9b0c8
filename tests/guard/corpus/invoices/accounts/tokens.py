import datetime

import jwt
from django.conf import settings

from accounts.models import RevokedToken


class TokenIssuer:
    """Issues and cancels the tokens that apps sign in with."""

    def __init__(self, lifetime=datetime.timedelta(hours=8)):
        self.lifetime = lifetime

    def issue(self, user, on=None):
        now = on or datetime.datetime.now(datetime.timezone.utc)
        return jwt.encode(
            {"sub": str(user.pk), "iat": now, "exp": now + self.lifetime},
            settings.SECRET_KEY,
            algorithm="HS256",
        )

    def cancel(self, token):
        claims = jwt.decode(token, settings.SECRET_KEY, algorithms=["HS256"])
        RevokedToken.objects.get_or_create(subject=claims["sub"], issued=claims["iat"])
