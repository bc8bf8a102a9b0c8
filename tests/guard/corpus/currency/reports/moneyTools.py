from decimal import Decimal


class MoneyTools:
    db = None

    @classmethod
    def connect(cls, db):
        cls.db = db

    @classmethod
    def changeCurrency(cls, amount, cur, newCur, day):
        cursor = cls.db.cursor()
        values = {"EUR": Decimal(1)}
        cursor.execute(
            "SELECT CURRENCY, RATE FROM FX_RATE WHERE CURRENCY IN (?, ?) AND RATE_DAY = ?",
            (cur, newCur, day),
        )
        for code, rate in cursor.fetchall():
            values[code] = Decimal(rate)
        return (Decimal(amount) * values[newCur] / values[cur]).quantize(
            Decimal("0.01")
        )

    @staticmethod
    def percent(part, whole):
        return Decimal(100) * part / whole if whole else Decimal(0)


def turnoverByCountry(db, day, currency):
    MoneyTools.connect(db)
    cursor = db.cursor()
    cursor.execute(
        "SELECT COUNTRY, ORIG_AMOUNT, ORIG_CUR FROM BOOKING WHERE BOOK_DAY = ?", (day,)
    )
    result = {}
    for country, amount, cur in cursor.fetchall():
        result.setdefault(country, Decimal(0))
        result[country] += MoneyTools.changeCurrency(amount, cur, currency, day)
    return result
