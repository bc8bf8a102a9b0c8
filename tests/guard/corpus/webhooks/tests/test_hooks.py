from unittest import mock

import pytest

from shop.hooks.backoff import RetrySchedule
from shop.hooks.dispatch import WebhookDispatcher
from shop.hooks.models import Delivery
from shop.hooks.signing import PayloadSigner
from shop.hooks.wiring import SignalBridge
from shop.partners.relay import PartnerEventRelay, PartnerOutboxItem
from tests.fakes import RecordingDispatcher


def test_schedule_ends():
    assert RetrySchedule().delay_after(7) is None


def test_signature_round_trip():
    signer = PayloadSigner(clock=lambda: 1000)
    assert signer.verify("s", b"{}", signer.sign("s", b"{}"))


@pytest.mark.django_db
def test_failed_delivery_is_put_off(endpoint):
    session = mock.Mock()
    session.post.return_value = mock.Mock(status_code=503, text="no")
    dispatcher = WebhookDispatcher(session=session)
    (delivery,) = dispatcher.publish(endpoint.merchant, "order.paid", {"id": 1})
    assert not dispatcher.deliver(delivery)
    assert delivery.status == Delivery.PENDING


@pytest.mark.django_db
def test_partner_relay(subscription):
    session = mock.Mock()
    session.post.return_value.ok = True
    relay = PartnerEventRelay(session)
    relay.enqueue(subscription.partner, "order.paid", {})
    assert relay.run() == 1
    assert not PartnerOutboxItem.objects.filter(done=False).exists()


def test_bridge(order):
    sink = RecordingDispatcher()
    SignalBridge(sink).on_order(None, order, "paid")
    assert sink.published[0][1] == "order.paid"
