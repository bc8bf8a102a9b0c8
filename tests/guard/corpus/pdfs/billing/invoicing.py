import io
import logging
import os

from django.conf import settings
from django.contrib.staticfiles import finders
from django.core.mail import EmailMessage
from django.template.loader import get_template
from xhtml2pdf import pisa

log = logging.getLogger("billing")


class InvoicePdfMaker:
    """Makes the PDFs of the billing team: invoices, credit notes, reminders."""

    templates = {
        "invoice": "billing/invoice.html",
        "credit": "billing/credit_note.html",
        "reminder": "billing/reminder.html",
    }

    def __init__(self, kind="invoice"):
        self.template = get_template(self.templates[kind])
        self.errors = 0

    def link_callback(self, uri, rel):
        if uri.startswith(settings.STATIC_URL):
            return finders.find(uri.replace(settings.STATIC_URL, "", 1))
        return os.path.join(settings.MEDIA_ROOT, uri.replace(settings.MEDIA_URL, "", 1))

    def make(self, **context):
        html = self.template.render(context)
        buffer = io.BytesIO()
        status = pisa.CreatePDF(
            html, dest=buffer, link_callback=self.link_callback, encoding="utf-8"
        )
        if status.err:
            self.errors += 1
            log.error("pisa: %s errors in %s", status.err, self.template.origin)
            return None
        return buffer.getvalue()

    def save(self, path, **context):
        content = self.make(**context)
        if content:
            with open(path, "wb") as f:
                f.write(content)
        return bool(content)


class InvoiceSender:
    """Mails an invoice to the customer's bookkeeping."""

    def __init__(self, maker=None):
        self.maker = maker or InvoicePdfMaker()

    def send(self, invoice):
        content = self.maker.make(invoice=invoice, lines=invoice.lines.all())
        mail = EmailMessage(
            f"Invoice {invoice.number}", to=[invoice.customer.billing_email]
        )
        mail.attach(f"{invoice.number}.pdf", content, "application/pdf")
        mail.send()
