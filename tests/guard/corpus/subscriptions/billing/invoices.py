from django.core.mail import EmailMessage
from django.template.loader import render_to_string
from django.utils import timezone

from billing.models import Subscription


class InvoiceService:
    """Numbers, renders and mails invoices for what was charged already."""

    def __init__(self, numbering, pdf):
        self.numbering = numbering
        self.pdf = pdf

    def issue(self, customer, lines):
        number = self.numbering.next(timezone.now().year)
        html = render_to_string(
            "billing/invoice.html", {"customer": customer, "lines": lines, "no": number}
        )
        mail = EmailMessage(
            f"Invoice {number}", "See the attachment.", to=[customer.email]
        )
        mail.attach(f"{number}.pdf", self.pdf.render(html), "application/pdf")
        mail.send()
        return number

    def cancel(self, number, reason):
        return self.numbering.void(number, reason)

    def renewals_of(self, day):
        for sub in Subscription.objects.filter(renews_at__date=day).select_related(
            "plan", "customer"
        ):
            yield self.issue(sub.customer, [(sub.plan.name, sub.plan.price_cents)])
