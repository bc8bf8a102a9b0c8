"""Cleaning of the other contact data."""

from __future__ import annotations

import ipaddress
import re
from functools import lru_cache

import dns.resolver
import phonenumbers


class EmailAddressValidator:
    """Checks e-mail addresses, down to the MX record, and lower-cases the domain."""

    PATTERN = re.compile(r"^[^@\s]+@([A-Za-z0-9-]+\.)+[A-Za-z]{2,}$")

    def __init__(self, check_mx: bool = True):
        self.check_mx = check_mx
        self.bad_domains: set[str] = set()

    def validate(self, address: str) -> bool:
        if not self.PATTERN.match(address):
            return False
        domain = address.rsplit("@", 1)[1].lower()
        if domain in self.bad_domains:
            return False
        if self.check_mx:
            try:
                dns.resolver.resolve(domain, "MX")
            except dns.resolver.NXDOMAIN:
                self.bad_domains.add(domain)
                return False
        return True

    def normalise(self, address: str) -> str:
        local, domain = address.strip().rsplit("@", 1)
        return f"{local}@{domain.lower()}"


class IpAddressNormaliser:
    """IPv4 as mapped IPv6, without leading zeros; for the clickstream."""

    def validate(self, address: str) -> bool:
        try:
            ipaddress.ip_address(address)
        except ValueError:
            return False
        return True

    def normalise(self, address: str) -> str:
        parsed = ipaddress.ip_address(address)
        if parsed.version == 4:
            return f"::ffff:{parsed}"
        return parsed.compressed


class PhoneNormaliser:
    """E.164."""

    def __init__(self, region: str = "GB"):
        self.region = region

    def normalise(self, raw: str) -> str:
        number = phonenumbers.parse(raw, self.region)
        if not phonenumbers.is_valid_number(number):
            raise ValueError(raw)
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


@lru_cache(maxsize=None)
def salutation(name: str) -> str:
    return "Dear " + name.strip().title()
