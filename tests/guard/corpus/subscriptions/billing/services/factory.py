from django.conf import settings
from django.utils.module_loading import import_string

from billing.services.audited import AuditedSubscriptions
from billing.services.proration import ProrationCalculator
from billing.services.subscriptions import SubscriptionService
from billing.services.trials import TrialSubscriptionService


class SubscriptionServiceFactory:
    def __init__(self, gateway_path=None):
        self.gateway_path = gateway_path or settings.BILLING_GATEWAY

    def build(self, campaign=False):
        gateway = import_string(self.gateway_path)(**settings.BILLING_GATEWAY_OPTIONS)
        cls = TrialSubscriptionService if campaign else SubscriptionService
        return cls(gateway, ProrationCalculator(rounding=settings.BILLING_ROUNDING))

    def build_for(self, user):
        return AuditedSubscriptions(self.build(), user.get_username())


def subscription_service():
    return SubscriptionServiceFactory().build()
