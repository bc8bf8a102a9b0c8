import logging

log = logging.getLogger("audit.billing")


class AuditedSubscriptions:
    """Wraps a SubscriptionService; says who asked for what, before and after."""

    def __init__(self, inner, actor):
        self._inner = inner
        self._actor = actor

    def subscribe(self, customer, plan):
        log.info("%s subscribes %s to %s", self._actor, customer.pk, plan)
        sub = self._inner.subscribe(customer, plan, actor=self._actor)
        log.info("subscription %s made", sub.pk)
        return sub

    def cancel(self, customer, at_period_end=True):
        log.info("%s cancels %s (at end: %s)", self._actor, customer.pk, at_period_end)
        return self._inner.cancel(customer, at_period_end, actor=self._actor)

    def change_plan(self, customer, new_plan):
        log.info("%s moves %s to %s", self._actor, customer.pk, new_plan)
        return self._inner.change_plan(customer, new_plan, actor=self._actor)

    def __getattr__(self, name):
        return getattr(self._inner, name)
