import datetime

import pytest
from django.core import mail

from billing.invoicing.errors import AlreadyIssued, NotIssued
from billing.invoicing.service import InvoiceIssuer
from billing.models import Customer, Invoice
from shop.checkout import CheckoutInvoicing
from tests.fakes import RecordingIssuer

pytestmark = pytest.mark.django_db


@pytest.fixture
def draft():
    customer = Customer.objects.create(name="Jo", email="jo@example.org")
    invoice = Invoice.objects.create(customer=customer)
    invoice.lines.create(text="Tea", quantity=2, unit_price="3.50")
    return invoice


def test_numbers_have_no_gaps(draft):
    issuer = InvoiceIssuer()
    issuer.issue(draft, on=datetime.date(2023, 1, 2))
    other = Invoice.objects.create(customer=draft.customer)
    issuer.issue(other, on=datetime.date(2023, 1, 3))
    assert (draft.number, other.number) == ("RE-2023-000001", "RE-2023-000002")


def test_issue_twice(draft):
    issuer = InvoiceIssuer()
    issuer.issue(draft)
    with pytest.raises(AlreadyIssued):
        issuer.issue(draft)


def test_send(draft):
    issuer = InvoiceIssuer()
    with pytest.raises(NotIssued):
        issuer.send(draft)
    issuer.issue_and_send(draft)
    assert mail.outbox[0].to == ["jo@example.org"]
    assert draft.state == Invoice.SENT


def test_checkout(draft):
    issuer = RecordingIssuer()
    number = CheckoutInvoicing(issuer).bill_cart([], draft.customer)
    assert number == "TEST-1"
    assert len(issuer.sent) == 1
