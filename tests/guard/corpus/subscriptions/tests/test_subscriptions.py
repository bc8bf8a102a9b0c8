import pytest

from billing.api.views import PartnerSubscriptionEndpoint
from billing.exceptions import AlreadySubscribed
from billing.services.subscriptions import SubscriptionService
from tests.fakes import FakeSubscriptionService


class ChargeRecorder:
    def __init__(self):
        self.charges = []

    def charge(self, customer, cents, text):
        self.charges.append((customer, cents))


@pytest.mark.django_db
def test_subscribe_charges_the_first_period(django_user_model, plan):
    gateway = ChargeRecorder()
    user = django_user_model.objects.create(username="ada")
    SubscriptionService(gateway).subscribe(user, plan)
    assert gateway.charges == [(user, plan.price_cents)]


@pytest.mark.django_db
def test_no_two_subscriptions(django_user_model, plan):
    service = SubscriptionService(ChargeRecorder())
    user = django_user_model.objects.create(username="ada")
    service.subscribe(user, plan)
    with pytest.raises(AlreadySubscribed):
        service.subscribe(user, plan)


def test_endpoint_asks_the_service():
    fake = FakeSubscriptionService()
    endpoint = PartnerSubscriptionEndpoint(fake)
    fake.subscribe("ada", "basic")
    assert endpoint.HasMembership("ada")
