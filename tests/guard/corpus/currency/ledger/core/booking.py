import datetime


class Booking:
    def __init__(self, db, converter, bookCurrency="EUR"):
        self.db = db
        self.converter = converter
        self.bookCurrency = bookCurrency

    def post(self, debit, credit, money, day=None, text=""):
        day = day or datetime.date.today()
        value = self.converter.convert(
            money.amount, money.currency, self.bookCurrency, day
        )
        cursor = self.db.cursor()
        cursor.execute(
            "INSERT INTO BOOKING (DEBIT, CREDIT, BOOK_DAY, AMOUNT, ORIG_AMOUNT, ORIG_CUR, TEXT)"
            " VALUES (?, ?, ?, ?, ?, ?, ?)",
            (debit, credit, day, value, money.amount, money.currency, text),
        )
        self.db.commit()
        return cursor.lastrowid
