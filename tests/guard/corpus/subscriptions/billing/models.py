from django.conf import settings
from django.db import models
from django.utils import timezone


class Plan(models.Model):
    code = models.SlugField(unique=True)
    name = models.CharField(max_length=80)
    price_cents = models.PositiveIntegerField()
    interval_days = models.PositiveSmallIntegerField(default=30)
    trial_days = models.PositiveSmallIntegerField(default=0)
    retired = models.BooleanField(default=False)

    def __str__(self):
        return self.name


class Subscription(models.Model):
    """One customer on one plan. Change it through SubscriptionService only."""

    ACTIVE, PAUSED, PAST_DUE, CANCELLED = "active", "paused", "past_due", "cancelled"
    STATUSES = [(s, s.replace("_", " ")) for s in (ACTIVE, PAUSED, PAST_DUE, CANCELLED)]

    customer = models.ForeignKey(
        settings.AUTH_USER_MODEL, related_name="subscriptions", on_delete=models.PROTECT
    )
    plan = models.ForeignKey(Plan, on_delete=models.PROTECT)
    status = models.CharField(max_length=12, choices=STATUSES, default=ACTIVE)
    started_at = models.DateTimeField(default=timezone.now)
    renews_at = models.DateTimeField(null=True)
    ended_at = models.DateTimeField(null=True, blank=True)
    balance_cents = models.IntegerField(default=0)

    class Meta:
        ordering = ["-started_at"]

    @property
    def is_live(self):
        return self.status in (self.ACTIVE, self.PAST_DUE)


class SubscriptionEvent(models.Model):
    subscription = models.ForeignKey(
        Subscription, related_name="events", on_delete=models.CASCADE
    )
    kind = models.CharField(max_length=30)
    actor = models.CharField(max_length=80, blank=True)
    detail = models.JSONField(default=dict)
    at = models.DateTimeField(auto_now_add=True)
