"""The other papers, and the invoice in its electronic dress."""

from django.core.mail import EmailMessage
from django.utils import timezone
from drafthorse.pdf import attach_xml

from billing.invoicing.base import DocumentIssuer
from billing.invoicing.numbering import NumberRange
from billing.invoicing.rendering import PdfLayout
from billing.invoicing.service import InvoiceIssuer
from billing.zugferd import invoice_xml


class ElectronicInvoiceIssuer(InvoiceIssuer):
    """An invoice with the ZUGFeRD XML inside, for public bodies."""

    def __init__(self, level="EN 16931", **kwargs):
        super().__init__(**kwargs)
        self.level = level

    def write(self, invoice):
        pdf = super().write(invoice)
        pdf = attach_xml(pdf, invoice_xml(invoice, self.level), level=self.level)
        with invoice.pdf.open("wb") as out:
            out.write(pdf)
        return pdf


class DeliveryNoteIssuer(DocumentIssuer):
    """Numbers, prints and mails the slip that goes with a parcel."""

    series = "LS"

    def __init__(self):
        self.numbers = NumberRange(self.series)
        self.layout = PdfLayout("warehouse/delivery_note.html")

    def issue(self, note, on=None):
        note.packed_on = on or timezone.localdate()
        note.number = self.numbers.draw(note.packed_on.year)
        note.save()
        return note

    def write(self, note):
        return self.layout.render(note=note, parcel=note.parcel)

    def send(self, note, to=None):
        mail = EmailMessage(
            f"Lieferschein {note.number}",
            "Ihre Sendung ist unterwegs.",
            to=[to or note.parcel.recipient_email],
        )
        mail.attach(f"{note.number}.pdf", self.write(note), "application/pdf")
        mail.send()
