SYMBOLS = {"EUR": "\u20ac", "USD": "$", "GBP": "\u00a3", "JPY": "\u00a5", "CHF": "Fr."}


class CurrencyFormatter:
    """Writes amounts as people read them; parses what they typed."""

    def __init__(self, decimalPoint=",", thousands="."):
        self.decimalPoint = decimalPoint
        self.thousands = thousands

    def format(self, amount, currency):
        sign = "-" if amount < 0 else ""
        text = "{:,.2f}".format(abs(amount))
        text = (
            text.replace(",", "#")
            .replace(".", self.decimalPoint)
            .replace("#", self.thousands)
        )
        return "%s%s %s" % (sign, text, SYMBOLS.get(currency, currency))

    def parse(self, text):
        number, _, symbol = text.strip().rpartition(" ")
        for code, known in SYMBOLS.items():
            if known == symbol:
                symbol = code
        number = number.replace(self.thousands, "").replace(self.decimalPoint, ".")
        return float(number), symbol
