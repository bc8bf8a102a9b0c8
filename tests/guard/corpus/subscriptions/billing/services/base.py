import abc


class SubscriptionBackend(abc.ABC):
    """What the views, the tasks and the admin may ask of a place that keeps subscriptions.

    We have two such places: our own tables, and Apple's.
    """

    @abc.abstractmethod
    def subscribe(self, customer, plan): ...

    @abc.abstractmethod
    def cancel(self, customer, at_period_end=True): ...

    @abc.abstractmethod
    def current(self, customer): ...

    @abc.abstractmethod
    def renew_due(self, now=None): ...
