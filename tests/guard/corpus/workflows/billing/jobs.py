# -*- coding: utf-8 -*-
from core import db


def collectDue(day):
    db.execute(
        "INSERT INTO INVOICE (policy, amount, due) "
        "SELECT policy, premium, %s FROM POLICY WHERE next_due <= %s",
        day,
        day,
    )


def firstReminder(day):
    db.execute(
        "UPDATE INVOICE SET level = 1 WHERE level = 0 AND paid IS NULL AND due < %s",
        day,
    )


def lastReminder(day):
    db.execute(
        "UPDATE INVOICE SET level = 2 WHERE level = 1 AND paid IS NULL AND due < %s",
        day,
    )


class CashFlow(object):
    """Money in and out by month, for the board."""

    def __init__(self, year):
        self.year = year

    def months(self):
        paidIn = dict(
            db.fetchAll(
                "SELECT MONTH(paid), SUM(amount) FROM INVOICE WHERE YEAR(paid) = %s GROUP BY 1",
                self.year,
            )
        )
        paidOut = dict(
            db.fetchAll(
                "SELECT MONTH(at), SUM(amount) FROM PAYMENT WHERE YEAR(at) = %s GROUP BY 1",
                self.year,
            )
        )
        return [(m, paidIn.get(m, 0), paidOut.get(m, 0)) for m in range(1, 13)]

    def advance(self, months):
        """A forecast: the mean of the last year, for so many months."""
        rows = self.months()
        mean = sum(i - o for m, i, o in rows) / 12.0
        return [mean] * months
