# -*- coding: utf-8 -*-
import datetime
import sqlite3

import requests


class QuotaUsedUp(Exception):
    pass


class ScopusQuota:
    """Elsevier allows 20000 searches a week and 9 a second with our key. All machines share the file."""

    def __init__(self, path="/data/scopus/quota.db", perWeek=20000, perSecond=9):
        self.perWeek = perWeek
        self.perSecond = perSecond
        self.db = sqlite3.connect(path, isolation_level=None, timeout=30)
        self.db.execute("CREATE TABLE IF NOT EXISTS calls (at REAL)")

    def use(self):
        now = datetime.datetime.utcnow().timestamp()
        self.db.execute("BEGIN IMMEDIATE")
        try:
            self.db.execute("DELETE FROM calls WHERE at < ?", (now - 7 * 86400,))
            week = self.db.execute("SELECT COUNT(*) FROM calls").fetchone()[0]
            second = self.db.execute(
                "SELECT COUNT(*) FROM calls WHERE at > ?", (now - 1,)
            ).fetchone()[0]
            if week >= self.perWeek or second >= self.perSecond:
                raise QuotaUsedUp("%d this week, %d this second" % (week, second))
            self.db.execute("INSERT INTO calls VALUES (?)", (now,))
        finally:
            self.db.execute("COMMIT")

    def remaining(self):
        return (
            self.perWeek - self.db.execute("SELECT COUNT(*) FROM calls").fetchone()[0]
        )


class ScopusSource:
    def __init__(self, key):
        self.key = key
        self.quota = ScopusQuota()

    def citations(self, doi):
        self.quota.use()
        answer = requests.get(
            "https://api.elsevier.com/content/search/scopus",
            params={"query": "DOI(%s)" % doi, "field": "citedby-count"},
            headers={"X-ELS-APIKey": self.key},
        )
        return int(answer.json()["search-results"]["entry"][0]["citedby-count"])
