from datetime import timedelta

from django.utils import timezone

from billing.models import Plan, Subscription


class PlanSwitcher:
    """Buttons of the support console: give a plan, take it away, swap it. No charge."""

    def __init__(self, agent):
        self.agent = agent

    def give(self, user, plan_code, days=None):
        plan = Plan.objects.get(code=plan_code)
        Subscription.objects.filter(customer=user, status="active").update(
            status="cancelled", ended_at=timezone.now()
        )
        return Subscription.objects.create(
            customer=user,
            plan=plan,
            status="active",
            renews_at=timezone.now() + timedelta(days=days or plan.interval_days),
        )

    def take_away(self, user):
        for sub in user.subscriptions.filter(
            status__in=["active", "past_due", "paused"]
        ):
            sub.status = "cancelled"
            sub.ended_at = timezone.now()
            sub.save()

    def swap(self, user, plan_code):
        sub = user.subscriptions.filter(status="active").latest("started_at")
        sub.plan = Plan.objects.get(code=plan_code)
        sub.save()

    def freeze(self, user):
        user.subscriptions.filter(status="active").update(status="paused")

    def unfreeze(self, user):
        user.subscriptions.filter(status="paused").update(status="active")


def handle_button(agent, user, button, plan_code=None):
    console = PlanSwitcher(agent)
    if button == "give":
        return console.give(user, plan_code)
    return getattr(console, button)(user)
