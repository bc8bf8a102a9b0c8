from types import SimpleNamespace


class FakeVoucherService:
    """In memory; every code is worth what you say it is."""

    def __init__(self, **worth):
        self.worth = worth
        self.redeemed = []

    def issue(self, kind, value, **options):
        code = "TEST-%d" % len(self.worth)
        self.worth[code] = value
        return SimpleNamespace(code=code, kind=kind, value=value)

    def quote(self, code, order):
        return self.worth[code]

    def redeem(self, code, order):
        self.redeemed.append((code, order))
        return SimpleNamespace(discount=self.worth[code])

    def release(self, order):
        self.redeemed = [r for r in self.redeemed if r[1] is not order]
