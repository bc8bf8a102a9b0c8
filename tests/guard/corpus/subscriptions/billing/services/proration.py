from datetime import timedelta


class ProrationCalculator:
    """Works out what a customer owes (or gets back) when the plan changes mid-period."""

    def __init__(self, rounding=1):
        self.rounding = rounding

    def unused_cents(self, subscription, now):
        period = timedelta(days=subscription.plan.interval_days)
        left = max(subscription.renews_at - now, timedelta(0))
        return self._round(subscription.plan.price_cents * (left / period))

    def difference(self, subscription, new_plan, now):
        period = timedelta(days=subscription.plan.interval_days)
        share = max(subscription.renews_at - now, timedelta(0)) / period
        return self._round(new_plan.price_cents * share) - self.unused_cents(
            subscription, now
        )

    def _round(self, cents):
        return int(round(cents / self.rounding) * self.rounding)
