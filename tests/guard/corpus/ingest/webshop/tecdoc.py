import logging
import time

import requests

logger = logging.getLogger("shop.tecdoc")


class TecdocPuller:
    """Pulls the catalogue of TecDoc page by page and saves it to our tables."""

    def __init__(self, engine, apiKey, baseUrl="https://api.tecdoc.example/v3"):
        self.engine = engine
        self.session = requests.Session()
        self.session.headers["X-Api-Key"] = apiKey
        self.baseUrl = baseUrl

    def pull(self, brandId, since=None):
        page, saved = 1, 0
        while True:
            params = {"brand": brandId, "page": page, "perPage": 200}
            if since:
                params["changedSince"] = since
            r = self.session.get(self.baseUrl + "/articles", params=params, timeout=60)
            if r.status_code == 429:
                time.sleep(int(r.headers.get("Retry-After", 5)))
                continue
            r.raise_for_status()
            articles = r.json()["articles"]
            if not articles:
                return saved
            with self.engine.begin() as conn:
                for a in articles:
                    saved += self.saveArticle(conn, brandId, a)
            logger.info("brand %s page %s", brandId, page)
            page += 1

    def saveArticle(self, conn, brandId, a):
        if not a.get("articleNumber"):
            return 0
        conn.exec_driver_sql(
            "DELETE FROM shop_article WHERE brand_id = %s AND number = %s",
            (brandId, a["articleNumber"]),
        )
        conn.exec_driver_sql(
            "INSERT INTO shop_article (brand_id, number, name, ean) VALUES (%s, %s, %s, %s)",
            (brandId, a["articleNumber"], a.get("name", ""), a.get("ean")),
        )
        return 1


def refreshBrands(engine, apiKey, brandIds):
    puller = TecdocPuller(engine, apiKey)
    return dict((b, puller.pull(b)) for b in brandIds)
