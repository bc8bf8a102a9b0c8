from datetime import timedelta

from django.utils import timezone

from billing.exceptions import SubscriptionError
from billing.models import Subscription
from billing.services.subscriptions import SubscriptionService


class TrialSubscriptionService(SubscriptionService):
    """SubscriptionService for the campaign pages: one trial per card, ever."""

    def subscribe(self, customer, plan, actor="campaign"):
        fingerprint = self.gateway.card_fingerprint(customer)
        seen = Subscription.objects.filter(
            customer__card_fingerprint=fingerprint, plan__trial_days__gt=0
        )
        if seen.exists():
            raise SubscriptionError("trial used already", customer)
        return super().subscribe(customer, plan, actor=actor)

    def extend_trial(self, customer, days):
        sub = self._require(customer)
        sub.renews_at = max(sub.renews_at, timezone.now()) + timedelta(days=days)
        sub.save(update_fields=["renews_at"])
        self._log(sub, "trial_extended", "campaign", days=days)
        return sub
