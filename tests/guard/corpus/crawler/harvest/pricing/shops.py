"""Competitors' prices, twice a day."""

import logging
import random
import time

import requests
from bs4 import BeautifulSoup

logger = logging.getLogger(__name__)


class ShopSession:
    """Gets product pages of one shop, slowly enough that nobody minds."""

    MIN_GAP = 8
    MAX_GAP = 20

    def __init__(self, base_url):
        self.base_url = base_url.rstrip("/")
        self.http = requests.Session()
        self.http.headers["User-Agent"] = "HarvestPrices/1.2 (prices@harvest.example)"
        self._disallowed = None
        self._not_before = 0.0

    def _load_robots(self):
        self._disallowed = []
        r = self.http.get(self.base_url + "/robots.txt", timeout=20)
        if not r.ok:
            return
        for line in r.text.splitlines():
            key, _, value = line.partition(":")
            if key.strip().lower() == "disallow" and value.strip():
                self._disallowed.append(value.strip())

    def product_page(self, path):
        if self._disallowed is None:
            self._load_robots()
        if any(path.startswith(p) for p in self._disallowed):
            logger.warning("%s is disallowed at %s", path, self.base_url)
            return None
        for backoff in (30, 120, 600):
            time.sleep(max(0.0, self._not_before - time.time()))
            self._not_before = time.time() + random.uniform(self.MIN_GAP, self.MAX_GAP)
            r = self.http.get(self.base_url + path, timeout=20)
            if r.status_code in (403, 429, 503):
                logger.info("%s wants us to slow down", self.base_url)
                self._not_before = time.time() + backoff
                continue
            return r.text
        return None


class PriceTag:
    """Finds the price in the HTML of a product page."""

    def __init__(self, selector):
        self.selector = selector

    def read(self, html):
        node = BeautifulSoup(html, "lxml").select_one(self.selector)
        return None if node is None else float(node.text.strip("€ ").replace(",", "."))


def prices(base_url, paths, selector):
    shop, tag = ShopSession(base_url), PriceTag(selector)
    return {p: tag.read(html) for p in paths if (html := shop.product_page(p))}
