class AvailabilityBadge:
    """Traffic light on the product page."""

    def __init__(self, available):
        self.available = available

    def colour(self):
        if self.available <= 0:
            return "red"
        return "amber" if self.available < 5 else "green"

    def text(self):
        return {
            "red": "Out of stock",
            "amber": f"Only {self.available} left",
            "green": "In stock",
        }[self.colour()]
