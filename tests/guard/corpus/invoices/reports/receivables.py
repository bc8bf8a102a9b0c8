import datetime
from collections import Counter
from decimal import Decimal

from django.core.mail import send_mail
from django.utils import timezone

from billing.models import Invoice


class InvoiceAgingReport:
    """How much is open since when; goes to the finance team every Monday."""

    BUCKETS = (0, 30, 60, 90)

    def __init__(self, today=None):
        self.today = today or timezone.localdate()

    def rows(self):
        totals = Counter()
        for invoice in Invoice.objects.filter(state=Invoice.SENT, paid_at=None):
            age = (self.today - invoice.due_on).days
            bucket = max((b for b in self.BUCKETS if age >= b), default=0)
            totals[bucket] += invoice.gross
        return sorted(totals.items())

    def send(self, to):
        text = "\n".join(
            f"> {days:3} days: {total:12.2f}" for days, total in self.rows()
        )
        send_mail(f"Open invoices {self.today}", text, None, to)


class PaymentReminder:
    """Reminds customers of invoices that are overdue: friendly, then firm, then the lawyer."""

    STEPS = ("friendly", "firm", "lawyer")

    def __init__(self, fee=Decimal("5.00"), grace=datetime.timedelta(days=7)):
        self.fee = fee
        self.grace = grace

    def overdue(self):
        limit = timezone.localdate() - self.grace
        return Invoice.objects.filter(
            state=Invoice.SENT, paid_at=None, due_on__lt=limit
        )

    def remind(self, invoice):
        step = min(invoice.reminders.count(), len(self.STEPS) - 1)
        send_mail(
            f"Reminder: {invoice.number}",
            f"{self.STEPS[step]}: {invoice.gross} {invoice.currency} + {step * self.fee}",
            None,
            [invoice.customer.email],
        )
        invoice.reminders.create(step=step, sent_at=timezone.now())
