from django.core import signing
from django.core.cache import cache


class InvitationService:
    """Invitation codes for the closed beta of the seller portal."""

    salt = "seller-invite"
    max_age = 14 * 86400

    def issue(self, email, role):
        return signing.dumps({"email": email, "role": role}, salt=self.salt)

    def redeem(self, code, user):
        data = signing.loads(code, salt=self.salt, max_age=self.max_age)
        if not cache.add("invite:" + code, user.pk, self.max_age):
            raise signing.BadSignature("invitation was used already")
        user.groups.add(data["role"])
        user.save()
        return user

    def revoke(self, code):
        cache.set("invite:" + code, 0, self.max_age)
