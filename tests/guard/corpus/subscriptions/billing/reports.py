from collections import OrderedDict

from django.db.models import Count, Q, Sum

from billing.models import Subscription


class SubscriptionReport:
    """Monthly recurring revenue and churn, for the board. Reads only."""

    def __init__(self, month):
        self.month = month

    def recurring_revenue(self):
        live = Subscription.objects.filter(status=Subscription.ACTIVE)
        return live.aggregate(total=Sum("plan__price_cents"))["total"] or 0

    def churn(self):
        start, end = self.month, self.month.replace(day=28)
        row = Subscription.objects.aggregate(
            before=Count("pk", filter=Q(started_at__lt=start)),
            lost=Count("pk", filter=Q(ended_at__range=(start, end))),
        )
        return row["lost"] / row["before"] if row["before"] else 0.0

    def by_plan(self):
        rows = (
            Subscription.objects.values("plan__code")
            .annotate(n=Count("pk"))
            .order_by("-n")
        )
        return OrderedDict((r["plan__code"], r["n"]) for r in rows)
