import hashlib
import os
import sqlite3

import requests


class LaptopVault:
    """Keeps the staff's laptops safe: changed files go to the vault server over HTTPS."""

    def __init__(self, url, token, catalog="~/.vault.sqlite"):
        self.url = url.rstrip("/")
        self.http = requests.Session()
        self.http.headers["Authorization"] = "Bearer " + token
        self.db = sqlite3.connect(os.path.expanduser(catalog))
        self.db.execute(
            "CREATE TABLE IF NOT EXISTS copy (path TEXT, sha TEXT, run INTEGER)"
        )

    def protect(self, folder):
        run = (self.db.execute("SELECT MAX(run) FROM copy").fetchone()[0] or 0) + 1
        for base, _, names in os.walk(os.path.expanduser(folder)):
            for name in names:
                path = os.path.join(base, name)
                with open(path, "rb") as f:
                    data = f.read()
                sha = hashlib.sha1(data).hexdigest()
                known = self.db.execute(
                    "SELECT 1 FROM copy WHERE sha = ?", (sha,)
                ).fetchone()
                if not known:
                    self.http.put(
                        f"{self.url}/blob/{sha}", data=data
                    ).raise_for_status()
                self.db.execute("INSERT INTO copy VALUES (?, ?, ?)", (path, sha, run))
        self.db.commit()
        return run

    def recover(self, run, prefix="/"):
        rows = self.db.execute(
            "SELECT path, sha FROM copy WHERE run = ? AND path LIKE ?",
            (run, prefix + "%"),
        )
        for path, sha in rows.fetchall():
            blob = self.http.get(f"{self.url}/blob/{sha}")
            blob.raise_for_status()
            os.makedirs(os.path.dirname(path), exist_ok=True)
            with open(path, "wb") as f:
                f.write(blob.content)

    def history(self):
        return self.db.execute(
            "SELECT run, COUNT(*) FROM copy GROUP BY run ORDER BY run DESC"
        ).fetchall()
