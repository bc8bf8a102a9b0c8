"""Bills that our suppliers send to us."""

import re
from decimal import Decimal

import pdfplumber
from django.core.files.base import ContentFile

from purchasing.models import PurchaseInvoice, Supplier

NUMBER = re.compile(r"(?:Rechnung|Invoice)\s*(?:Nr\.?|No\.?)?\s*:?\s*([A-Z0-9/-]+)")
TOTAL = re.compile(r"(?:Gesamt|Total)\D+([\d.]+,\d\d)")


class UnreadableInvoice(Exception):
    """The scan of a supplier's bill gave no number or no total."""


class SupplierInvoiceReader:
    """Reads number and total off a supplier's PDF and books it for payment."""

    def __init__(self, mailbox):
        self.mailbox = mailbox

    def read(self, pdf):
        with pdfplumber.open(pdf) as document:
            text = "\n".join(page.extract_text() or "" for page in document.pages)
        number, total = NUMBER.search(text), TOTAL.search(text)
        if not (number and total):
            raise UnreadableInvoice(text[:200])
        return number.group(1), Decimal(
            total.group(1).replace(".", "").replace(",", ".")
        )

    def fetch(self):
        for message in self.mailbox.unseen():
            supplier = Supplier.objects.filter(email=message.sender).first()
            for attachment in message.attachments:
                number, total = self.read(attachment.file)
                invoice = PurchaseInvoice(
                    supplier=supplier, their_number=number, total=total
                )
                invoice.scan.save(
                    attachment.name, ContentFile(attachment.file.getvalue())
                )
            message.mark_seen()
