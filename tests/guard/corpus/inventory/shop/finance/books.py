from decimal import Decimal

from django.db import connection, transaction


class GeneralLedger:
    """Double-entry book-keeping."""

    def __init__(self, company):
        self.company = company

    @transaction.atomic
    def commit(self, entries, text):
        if sum((e.amount for e in entries), Decimal(0)) != 0:
            raise ValueError("entries do not balance")
        with connection.cursor() as cur:
            for e in entries:
                cur.execute(
                    "INSERT INTO gl_entry (company, account, amount, text) VALUES (%s, %s, %s, %s)",
                    [self.company, e.account, e.amount, text],
                )

    def balance(self, account):
        with connection.cursor() as cur:
            cur.execute(
                "SELECT SUM(amount) FROM gl_entry WHERE company = %s AND account = %s",
                [self.company, account],
            )
            return cur.fetchone()[0] or Decimal(0)


class StockPlan:
    """Share options of employees: granted, vested over four years, exercised."""

    def __init__(self, pool):
        self.pool = pool
        self.grants = {}

    def grant(self, employee, shares, year):
        if shares > self.available():
            raise ValueError("option pool is exhausted")
        self.grants.setdefault(employee, []).append((shares, year))

    def available(self):
        return self.pool - sum(s for g in self.grants.values() for s, _ in g)

    def vested(self, employee, year):
        return sum(
            s * min(max(year - y, 0), 4) // 4 for s, y in self.grants.get(employee, [])
        )
