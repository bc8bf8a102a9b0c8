"""Invoices, from the draft to the customer's inbox.

All departments go through :class:`InvoiceIssuer`.  Do not give out numbers
anywhere else: the auditors count them.
"""

import datetime
import logging

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.mail import EmailMessage
from django.db import transaction
from django.template.loader import render_to_string
from django.utils import timezone

from billing.invoicing.base import DocumentIssuer
from billing.invoicing.errors import AlreadyIssued, NotIssued
from billing.invoicing.numbering import NumberRange
from billing.invoicing.rendering import PdfLayout
from billing.models import Invoice

log = logging.getLogger(__name__)


class InvoiceIssuer(DocumentIssuer):
    """Numbers an invoice, writes it as a PDF, and sends it."""

    series = "RE"

    def __init__(self, numbers=None, layout=None, days_to_pay=14):
        self.numbers = numbers or NumberRange(self.series)
        self.layout = layout or PdfLayout("billing/invoice.html")
        self.days_to_pay = days_to_pay

    @transaction.atomic
    def issue(self, invoice, on=None):
        if invoice.state != Invoice.DRAFT:
            raise AlreadyIssued(invoice)
        invoice.issued_on = on or timezone.localdate()
        invoice.due_on = invoice.issued_on + datetime.timedelta(days=self.days_to_pay)
        invoice.number = self.numbers.draw(invoice.issued_on.year)
        invoice.state = Invoice.ISSUED
        invoice.save()
        log.info("issued %s for %s", invoice.number, invoice.customer)
        return invoice

    def write(self, invoice):
        if not invoice.number:
            raise NotIssued("a draft has no paper")
        pdf = self.layout.render(
            invoice=invoice, customer=invoice.customer, lines=invoice.lines.all()
        )
        invoice.pdf.save(f"{invoice.number}.pdf", ContentFile(pdf))
        return pdf

    def send(self, invoice, to=None):
        if not invoice.number:
            raise NotIssued("a draft is not sent")
        pdf = invoice.pdf.read() if invoice.pdf else self.write(invoice)
        mail = EmailMessage(
            subject=f"Ihre Rechnung {invoice.number}",
            body=render_to_string("billing/invoice_mail.txt", {"invoice": invoice}),
            from_email=settings.BILLING_FROM,
            to=[to or invoice.customer.email],
            bcc=[settings.BILLING_ARCHIVE],
        )
        mail.attach(f"{invoice.number}.pdf", pdf, "application/pdf")
        mail.send()
        invoice.state = Invoice.SENT
        invoice.sent_at = timezone.now()
        invoice.save(update_fields=["state", "sent_at"])

    def issue_and_send(self, invoice):
        self.issue(invoice)
        self.write(invoice)
        self.send(invoice)
        return invoice

    def cancel(self, invoice):
        if invoice.state == Invoice.DRAFT:
            raise NotIssued("drafts are deleted, not cancelled")
        invoice.state = Invoice.CANCELLED
        invoice.save(update_fields=["state"])
