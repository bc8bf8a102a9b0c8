from decimal import Decimal

from django.db.models import Sum

from shop.loyalty.models import PointsEntry


class PointsAccount:
    """A customer's loyalty points: one point for each euro spent, running balance."""

    rate = Decimal("0.01")

    def __init__(self, customer):
        self.customer = customer

    def balance(self):
        total = PointsEntry.objects.filter(customer=self.customer).aggregate(
            s=Sum("points")
        )["s"]
        return total or 0

    def earn(self, order):
        PointsEntry.objects.create(
            customer=self.customer, points=int(order.total), order=order
        )

    def redeem(self, points):
        points = min(points, self.balance())
        PointsEntry.objects.create(customer=self.customer, points=-points)
        return points * self.rate
