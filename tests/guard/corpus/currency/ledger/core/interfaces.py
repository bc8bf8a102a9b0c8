class IConverter:
    """Converts a quantity from one unit into another. Subclasses fill it in."""

    def convert(self, quantity, fromUnit, toUnit, onDate=None):
        raise NotImplementedError

    def supports(self, unit):
        raise NotImplementedError
