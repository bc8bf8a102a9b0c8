import re

from lib.db import query


class AddressChecker(object):
    """Does the address exist, as far as the post's street list knows? For the order form."""

    zipPattern = {"DE": r"^\d{5}$", "CH": r"^\d{4}$", "AT": r"^\d{4}$"}

    def __init__(self):
        self.messages = []

    def check(self, address):
        self.messages = []
        if not re.match(self.zipPattern.get(address.country, "."), address.zipCode):
            self.messages.append("zip code")
        if not query(
            "SELECT 1 FROM poststreet WHERE zip=%s AND town=%s",
            address.zipCode,
            address.town,
        ):
            self.messages.append("town")
        street = re.sub(r"\s*\d+.*$", "", address.street)
        if not query(
            "SELECT 1 FROM poststreet WHERE zip=%s AND street=%s",
            address.zipCode,
            street,
        ):
            self.messages.append("street")
        return not self.messages

    def suggest(self, address):
        return [
            r[0]
            for r in query(
                "SELECT street FROM poststreet WHERE zip=%s AND street LIKE %s",
                address.zipCode,
                address.street[:4] + "%",
            )
        ]
