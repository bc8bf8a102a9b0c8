import csv
import io

from django.template.loader import render_to_string
from weasyprint import HTML

from .models import LedgerEntry, Payout


class PayoutStatement:
    """The monthly statement that a seller downloads."""

    def __init__(self, seller, year, month):
        self.seller = seller
        self.year = year
        self.month = month

    def entries(self):
        return LedgerEntry.objects.filter(
            seller=self.seller, created_at__year=self.year, created_at__month=self.month
        ).order_by("created_at")

    def payouts(self):
        return Payout.objects.filter(
            seller=self.seller,
            status=Payout.PAID,
            sent_at__year=self.year,
            sent_at__month=self.month,
        )

    def as_csv(self):
        out = io.StringIO()
        writer = csv.writer(out, delimiter=";")
        writer.writerow(["date", "memo", "amount"])
        for entry in self.entries():
            writer.writerow([entry.created_at.date(), entry.memo, entry.amount])
        return out.getvalue()

    def as_pdf(self):
        html = render_to_string(
            "payouts/statement.html",
            {
                "seller": self.seller,
                "entries": self.entries(),
                "payouts": self.payouts(),
            },
        )
        return HTML(string=html).write_pdf()
