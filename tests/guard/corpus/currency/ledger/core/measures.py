from decimal import Decimal

from ledger.core.errors import LedgerError
from ledger.core.interfaces import IConverter

FACTORS = {
    "kg": ("mass", Decimal("1")),
    "lb": ("mass", Decimal("0.45359237")),
    "t": ("mass", Decimal("1000")),
    "m": ("length", Decimal("1")),
    "in": ("length", Decimal("0.0254")),
    "ft": ("length", Decimal("0.3048")),
}


class MeasureConverter(IConverter):
    """Weights and lengths on delivery notes."""

    def convert(self, quantity, fromUnit, toUnit, onDate=None):
        fromKind, fromFactor = FACTORS[fromUnit]
        toKind, toFactor = FACTORS[toUnit]
        if fromKind != toKind:
            raise LedgerError("%s is no %s" % (fromUnit, toKind))
        return Decimal(str(quantity)) * fromFactor / toFactor

    def supports(self, unit):
        return unit in FACTORS
