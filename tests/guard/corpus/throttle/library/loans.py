# -*- coding: utf-8 -*-
import datetime


class LoanLimit:
    """So many books at a time, by kind of reader."""

    def __init__(self, kind, books, days):
        self.kind = kind
        self.books = books
        self.days = days


class ReservationQueue:
    """Whose turn it is when a book comes back."""

    def __init__(self, db):
        self.db = db

    def enter(self, reader, book):
        self.db.execute(
            "INSERT INTO reservation (reader, book, since) VALUES (?, ?, ?)",
            (reader, book, datetime.datetime.now().isoformat()),
        )
        self.db.commit()

    def nextTurn(self, book):
        row = self.db.execute(
            "SELECT reader FROM reservation WHERE book = ? ORDER BY since LIMIT 1",
            (book,),
        ).fetchone()
        return row[0] if row else None

    def reset(self, book):
        self.db.execute("DELETE FROM reservation WHERE book = ?", (book,))
        self.db.commit()
