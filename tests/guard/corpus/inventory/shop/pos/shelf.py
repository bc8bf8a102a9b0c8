"""Tills in the high-street shops. They must work when the line is down, so
each shop keeps its own file."""

import datetime
import sqlite3

SCHEMA = """
CREATE TABLE IF NOT EXISTS shelf (ean TEXT PRIMARY KEY, units INTEGER NOT NULL);
CREATE TABLE IF NOT EXISTS put_by (
    ticket INTEGER PRIMARY KEY AUTOINCREMENT, ean TEXT, units INTEGER,
    customer TEXT, until TEXT);
"""


class ShelfBook:
    def __init__(self, path="/var/lib/till/shelf.db"):
        self.db = sqlite3.connect(path)
        self.db.executescript(SCHEMA)

    def count(self, ean):
        row = self.db.execute(
            "SELECT units FROM shelf WHERE ean = ?", (ean,)
        ).fetchone()
        return row[0] if row else 0

    def sellable(self, ean):
        today = datetime.date.today().isoformat()
        (put_by,) = self.db.execute(
            "SELECT COALESCE(SUM(units), 0) FROM put_by WHERE ean = ? AND until >= ?",
            (ean, today),
        ).fetchone()
        return self.count(ean) - put_by

    def deliver(self, ean, units):
        with self.db:
            self.db.execute(
                "INSERT INTO shelf VALUES (?, ?) "
                "ON CONFLICT (ean) DO UPDATE SET units = units + excluded.units",
                (ean, units),
            )

    def put_by_for(self, customer, ean, units, days=3):
        """Click and collect: keep it behind the counter for some days."""
        if self.sellable(ean) < units:
            raise ValueError(f"only {self.sellable(ean)} of {ean} left on the shelf")
        until = (datetime.date.today() + datetime.timedelta(days=days)).isoformat()
        with self.db:
            cur = self.db.execute(
                "INSERT INTO put_by (ean, units, customer, until) VALUES (?, ?, ?, ?)",
                (ean, units, customer, until),
            )
        return cur.lastrowid

    def hand_over(self, ticket):
        with self.db:
            ean, units = self.db.execute(
                "SELECT ean, units FROM put_by WHERE ticket = ?", (ticket,)
            ).fetchone()
            self.db.execute(
                "UPDATE shelf SET units = units - ? WHERE ean = ?", (units, ean)
            )
            self.db.execute("DELETE FROM put_by WHERE ticket = ?", (ticket,))

    def put_back(self, ticket):
        with self.db:
            self.db.execute("DELETE FROM put_by WHERE ticket = ?", (ticket,))
