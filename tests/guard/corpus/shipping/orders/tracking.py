import json
import queue
import threading

import requests
from django.conf import settings


class ShopTracker:
    """Sends what visitors do to the analytics collector."""

    def __init__(self, site_id, url="https://collect.example/e"):
        self.site_id = site_id
        self.url = url
        self._queue = queue.Queue()
        self._thread = threading.Thread(target=self._drain, daemon=True)
        self._thread.start()

    def track(self, visitor, event, **props):
        self._queue.put(
            {"site": self.site_id, "visitor": visitor, "event": event, "props": props}
        )

    def _drain(self):
        while True:
            item = self._queue.get()
            try:
                requests.post(self.url, data=json.dumps(item), timeout=2)
            except requests.RequestException:
                if settings.DEBUG:
                    raise


class ShippingCosts:
    """What we charge the customer for postage, shown in the basket."""

    ZONES = {"DE": 490, "AT": 890, "NL": 890}
    ELSEWHERE = 1690
    FREE_FROM = 7500

    def __init__(self, free_from=None):
        self.free_from = self.FREE_FROM if free_from is None else free_from

    def quote(self, country, total_cents):
        if country == "DE" and total_cents >= self.free_from:
            return 0
        return self.ZONES.get(country, self.ELSEWHERE)
