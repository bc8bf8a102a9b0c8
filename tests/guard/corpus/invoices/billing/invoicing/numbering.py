from django.db import transaction

from billing.models import NumberCounter


class NumberRange:
    """Draws gapless numbers such as RE-2023-000123."""

    def __init__(self, series, width=6):
        self.series = series
        self.width = width

    @transaction.atomic
    def draw(self, year):
        NumberCounter.objects.get_or_create(series=self.series, year=year)
        counter = NumberCounter.objects.select_for_update().get(
            series=self.series, year=year
        )
        counter.last += 1
        counter.save(update_fields=["last"])
        return f"{self.series}-{year}-{counter.last:0{self.width}d}"
