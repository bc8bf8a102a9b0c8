import logging

from django.conf import settings

from billing.invoicing.base import DocumentIssuer
from billing.invoicing.service import InvoiceIssuer
from billing.invoicing.variants import ElectronicInvoiceIssuer

audit = logging.getLogger("audit")


class AuditedIssuer(DocumentIssuer):
    """Writes a line to the audit log about everything the inner issuer does."""

    def __init__(self, inner, user):
        self.inner = inner
        self.user = user

    def issue(self, document, on=None):
        document = self.inner.issue(document, on)
        audit.info("%s issued %s", self.user, document.number)
        return document

    def write(self, document):
        audit.info("%s wrote %s", self.user, document.number)
        return self.inner.write(document)

    def send(self, document, to=None):
        self.inner.send(document, to)
        audit.info("%s sent %s to %s", self.user, document.number, to or "customer")


class IssuerFactory:
    """Finds the right issuer for a customer, audited where the settings ask for it."""

    def __init__(self, days_to_pay=None):
        self.days_to_pay = days_to_pay or settings.BILLING_DAYS_TO_PAY

    def for_customer(self, customer, user=None):
        if customer.vat_id.startswith("DE") and customer.is_public_body:
            issuer = ElectronicInvoiceIssuer(days_to_pay=self.days_to_pay)
        else:
            issuer = InvoiceIssuer(days_to_pay=self.days_to_pay)
        if user is not None and settings.BILLING_AUDIT:
            return AuditedIssuer(issuer, user)
        return issuer
