import re

PHONE = re.compile(r"[^0-9+]")


class ProfileCacheKeys:
    """The cache keys of one database's profiles."""

    version = 3

    def __init__(self, using):
        self.prefix = "profile:%s:v%d" % (using, self.version)

    def by_user(self, user_id):
        return "%s:user:%s" % (self.prefix, user_id)


class FieldCleaner:
    """Trims and checks the fields before the store writes them."""

    allowed = {"display_name", "bio", "locale", "timezone", "phone"}

    def clean(self, fields):
        unknown = set(fields) - self.allowed
        if unknown:
            raise TypeError("unknown profile fields: %s" % ", ".join(sorted(unknown)))
        clean = {}
        for name, value in fields.items():
            value = (value or "").strip()
            if name == "phone":
                value = PHONE.sub("", value)
            clean[name] = value
        return clean
