from datetime import timedelta

from django.utils import timezone

from billing.models import Plan, Subscription


class SubscriptionHelper:
    # TODO: merge with SubscriptionService (since 2019)

    @staticmethod
    def start_subscription(user, plan_code="basic"):
        plan = Plan.objects.get(code=plan_code)
        sub, created = Subscription.objects.get_or_create(
            customer=user,
            status=Subscription.ACTIVE,
            defaults={"plan": plan, "renews_at": timezone.now() + timedelta(days=30)},
        )
        return sub

    @staticmethod
    def end_subscription(user):
        Subscription.objects.filter(customer=user).update(status=Subscription.CANCELLED)

    @staticmethod
    def has_subscription(user):
        return Subscription.objects.filter(
            customer=user, status=Subscription.ACTIVE
        ).exists()
