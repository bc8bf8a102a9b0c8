from datetime import timedelta

from django.db import models
from django.db.models import Count, Max, Sum
from django.utils import timezone


class CustomerSegment(models.Model):
    user = models.OneToOneField("auth.User", on_delete=models.CASCADE)
    segment = models.CharField(max_length=20)
    computed_at = models.DateTimeField(auto_now=True)


class RfmSegmenter:
    """Sorts customers into segments by what they bought: how recently, how often, for how much."""

    def segment_of(self, stats):
        if stats["n"] == 0:
            return "prospect"
        if stats["last"] < timezone.now() - timedelta(days=365):
            return "dormant"
        if stats["n"] >= 5 and stats["spent"] >= 1000:
            return "champion"
        return "regular" if stats["n"] > 1 else "new"

    def assign(self, user):
        stats = user.orders.aggregate(
            n=Count("pk"), last=Max("placed_at"), spent=Sum("total")
        )
        obj, _ = CustomerSegment.objects.update_or_create(
            user=user, defaults={"segment": self.segment_of(stats)}
        )
        return obj.segment
