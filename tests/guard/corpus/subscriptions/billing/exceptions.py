class BillingError(Exception):
    pass


class SubscriptionError(BillingError):
    """A subscription could not be made or changed as asked."""

    def __init__(self, message, customer=None):
        super().__init__(message)
        self.customer = customer


class AlreadySubscribed(SubscriptionError):
    pass


class PaymentDeclined(BillingError):
    pass
