from datetime import timedelta

from django.db import transaction
from django.utils import timezone

from billing.exceptions import AlreadySubscribed, PaymentDeclined, SubscriptionError
from billing.models import Plan, Subscription, SubscriptionEvent
from billing.services.base import SubscriptionBackend
from billing.services.proration import ProrationCalculator


class SubscriptionService(SubscriptionBackend):
    """The one place that starts, changes, pauses, renews and ends subscriptions.

    Everything that touches ``Subscription.status`` or ``renews_at`` goes through
    here, so that the events table is complete and the money is right.
    """

    GRACE = timedelta(days=7)

    def __init__(self, gateway, proration=None):
        self.gateway = gateway
        self.proration = proration or ProrationCalculator()

    @transaction.atomic
    def subscribe(self, customer, plan, actor=""):
        if isinstance(plan, str):
            plan = Plan.objects.get(code=plan, retired=False)
        if self.current(customer) is not None:
            raise AlreadySubscribed(f"{customer} has a live subscription", customer)
        now = timezone.now()
        first_charge = now + timedelta(days=plan.trial_days)
        if not plan.trial_days:
            self.gateway.charge(
                customer, plan.price_cents, f"{plan.name}, first period"
            )
            first_charge = now + timedelta(days=plan.interval_days)
        sub = Subscription.objects.create(
            customer=customer, plan=plan, renews_at=first_charge
        )
        self._log(sub, "subscribed", actor, plan=plan.code)
        return sub

    @transaction.atomic
    def change_plan(self, customer, new_plan, actor=""):
        sub = self._require(customer)
        owed = self.proration.difference(sub, new_plan, timezone.now())
        if owed > 0:
            self.gateway.charge(customer, owed, f"change to {new_plan.name}")
        else:
            sub.balance_cents += -owed
        old, sub.plan = sub.plan, new_plan
        sub.save(update_fields=["plan", "balance_cents"])
        self._log(sub, "plan_changed", actor, old=old.code, new=new_plan.code)
        return sub

    @transaction.atomic
    def cancel(self, customer, at_period_end=True, actor=""):
        sub = self._require(customer)
        sub.ended_at = sub.renews_at if at_period_end else timezone.now()
        if not at_period_end:
            sub.status = Subscription.CANCELLED
        sub.save(update_fields=["status", "ended_at"])
        self._log(sub, "cancelled", actor, at_period_end=at_period_end)
        return sub

    @transaction.atomic
    def pause(self, customer, actor=""):
        sub = self._require(customer)
        sub.status = Subscription.PAUSED
        sub.save(update_fields=["status"])
        self._log(sub, "paused", actor)

    @transaction.atomic
    def resume(self, customer, actor=""):
        sub = Subscription.objects.select_for_update().get(
            customer=customer, status=Subscription.PAUSED
        )
        sub.status = Subscription.ACTIVE
        sub.renews_at = timezone.now() + timedelta(days=sub.plan.interval_days)
        sub.save(update_fields=["status", "renews_at"])
        self._log(sub, "resumed", actor)

    def current(self, customer):
        return Subscription.objects.filter(
            customer=customer, status__in=[Subscription.ACTIVE, Subscription.PAST_DUE]
        ).first()

    def renew_due(self, now=None):
        now = now or timezone.now()
        due = Subscription.objects.select_related("plan").filter(
            status__in=[Subscription.ACTIVE, Subscription.PAST_DUE], renews_at__lte=now
        )
        renewed = 0
        for sub in due:
            renewed += self._renew(sub, now)
        return renewed

    def _renew(self, sub, now):
        if sub.ended_at and sub.ended_at <= now:
            sub.status = Subscription.CANCELLED
            sub.save(update_fields=["status"])
            return 0
        try:
            self.gateway.charge(
                sub.customer, sub.plan.price_cents - sub.balance_cents, sub.plan.name
            )
        except PaymentDeclined:
            late = now - sub.renews_at > self.GRACE
            sub.status = Subscription.CANCELLED if late else Subscription.PAST_DUE
            sub.save(update_fields=["status"])
            self._log(sub, "declined", "renewal")
            return 0
        sub.balance_cents = 0
        sub.status = Subscription.ACTIVE
        sub.renews_at += timedelta(days=sub.plan.interval_days)
        sub.save(update_fields=["status", "renews_at", "balance_cents"])
        self._log(sub, "renewed", "renewal")
        return 1

    def _require(self, customer):
        sub = (
            Subscription.objects.select_for_update()
            .filter(
                customer=customer,
                status__in=[Subscription.ACTIVE, Subscription.PAST_DUE],
            )
            .first()
        )
        if sub is None:
            raise SubscriptionError("no live subscription", customer)
        return sub

    def _log(self, sub, kind, actor, **detail):
        SubscriptionEvent.objects.create(
            subscription=sub, kind=kind, actor=actor, detail=detail
        )
