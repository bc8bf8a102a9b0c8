# The v1 API let a merchant put a single "callback_url" in the shop settings.
# About forty merchants never moved to v2. -- JH, 2016
import json
import logging
import os
import time
import urllib.error
import urllib.request

import psycopg2

logger = logging.getLogger("api_v1")
_conn = None


def connection():
    global _conn
    if _conn is None or _conn.closed:
        _conn = psycopg2.connect(os.environ["V1_DSN"])
        _conn.autocommit = True
    return _conn


class CallbackPoster(object):
    def __init__(self, tries=3, wait=2):
        self.tries = tries
        self.wait = wait

    def post(self, shop_id, event, data):
        cur = connection().cursor()
        cur.execute(
            "SELECT callback_url, api_key FROM v1_shops WHERE id = %s", (shop_id,)
        )
        row = cur.fetchone()
        if row is None or not row[0]:
            return False
        url, key = row
        body = json.dumps({"event": event, "shop": shop_id, "data": data}).encode(
            "utf-8"
        )
        req = urllib.request.Request(
            url, body, {"Content-Type": "application/json", "X-Api-Key": key}
        )
        for n in range(self.tries):
            try:
                urllib.request.urlopen(req, timeout=10).read()
                return True
            except urllib.error.URLError as e:
                logger.warning("callback %s to %s: %s", event, url, e)
                time.sleep(self.wait * (n + 1))
        cur.execute(
            "INSERT INTO v1_callback_failures (shop_id, event, body) VALUES (%s, %s, %s)",
            (shop_id, event, body),
        )
        return False
