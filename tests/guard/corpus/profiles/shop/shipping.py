from dataclasses import dataclass

from django.core.cache import cache
from django.db import connection


@dataclass
class ShippingProfile:
    code: str
    carrier: str
    max_grams: int
    base_price: int
    price_per_kilo: int

    def price(self, grams):
        return self.base_price + self.price_per_kilo * grams // 1000


class ShippingProfileStore:
    """The carriers' tariffs ("shipping profiles"), as the warehouse edits them."""

    def get(self, code):
        profile = cache.get("shipping:" + code)
        if profile is None:
            with connection.cursor() as cur:
                cur.execute(
                    "SELECT code, carrier, max_grams, base_price, price_per_kilo"
                    " FROM shop_shipping WHERE code = %s",
                    [code],
                )
                profile = ShippingProfile(*cur.fetchone())
            cache.set("shipping:" + code, profile, 3600)
        return profile

    def save(self, profile):
        with connection.cursor() as cur:
            cur.execute(
                "REPLACE INTO shop_shipping VALUES (%s, %s, %s, %s, %s)",
                [
                    profile.code,
                    profile.carrier,
                    profile.max_grams,
                    profile.base_price,
                    profile.price_per_kilo,
                ],
            )
        cache.delete("shipping:" + profile.code)

    def delete(self, code):
        with connection.cursor() as cur:
            cur.execute("DELETE FROM shop_shipping WHERE code = %s", [code])
        cache.delete("shipping:" + code)

    def cheapest(self, grams):
        with connection.cursor() as cur:
            cur.execute("SELECT code FROM shop_shipping WHERE max_grams >= %s", [grams])
            profiles = [self.get(code) for (code,) in cur.fetchall()]
        return min(profiles, key=lambda profile: profile.price(grams))
