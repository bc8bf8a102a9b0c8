from billing.exceptions import AlreadySubscribed, SubscriptionError


class FakeSubscriptionService:
    def __init__(self):
        self.live = {}
        self.calls = []

    def subscribe(self, customer, plan, actor=""):
        self.calls.append(("subscribe", customer, plan))
        if customer in self.live:
            raise AlreadySubscribed("twice", customer)
        self.live[customer] = plan
        return plan

    def cancel(self, customer, at_period_end=True, actor=""):
        self.calls.append(("cancel", customer))
        if customer not in self.live:
            raise SubscriptionError("none", customer)
        return self.live.pop(customer)

    def current(self, customer):
        return self.live.get(customer)

    def renew_due(self, now=None):
        return len(self.live)
