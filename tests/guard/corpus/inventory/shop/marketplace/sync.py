import requests

from shop.stock.base import Inventory
from shop.stock.errors import OutOfStock
from shop.utils.quantities import QuantityTracker

tracker = QuantityTracker()


class DropshipInventory(Inventory):
    """Goods that the supplier keeps and sends: its API has the numbers."""

    def __init__(self, base_url, key):
        self.base_url = base_url
        self.session = requests.Session()
        self.session.headers["X-Api-Key"] = key

    def available(self, sku):
        r = self.session.get(f"{self.base_url}/articles/{sku}", timeout=10)
        r.raise_for_status()
        return r.json()["deliverable"]

    def reserve(self, sku, quantity, minutes=15):
        r = self.session.post(
            f"{self.base_url}/options",
            timeout=10,
            json={"article": sku, "quantity": quantity, "valid_minutes": minutes},
        )
        if r.status_code == 409:
            raise OutOfStock(sku, quantity, r.json().get("deliverable", 0))
        r.raise_for_status()
        return r.json()["option_id"]

    def release(self, token):
        self.session.delete(
            f"{self.base_url}/options/{token}", timeout=10
        ).raise_for_status()

    def commit(self, token):
        self.session.post(
            f"{self.base_url}/options/{token}/order", timeout=10
        ).raise_for_status()


def on_marketplace_order(order):
    holds = [tracker.hold(line["sku"], line["qty"]) for line in order["lines"]]
    if None in holds:
        for hold in holds:
            tracker.unhold(hold)
        return "rejected"
    for hold in holds:
        tracker.take(hold)
    return "accepted"
