class LedgerError(Exception):
    pass


class UnknownCurrencyError(LedgerError):
    def __init__(self, code):
        LedgerError.__init__(self, "unknown currency: %r" % (code,))
        self.code = code


class NoRateError(LedgerError):
    """No rate of that currency on that day, nor in the ten days before."""
