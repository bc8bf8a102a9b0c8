import datetime
import uuid
from decimal import Decimal

from celery import shared_task
from django.core.mail import EmailMultiAlternatives
from django.db import models, transaction
from django.template.loader import render_to_string
from xhtml2pdf import pisa
import io

from subscriptions.models import BillingRun, Subscription, SubscriptionInvoice


class RenewalBiller:
    """Bills all subscriptions that renew today.

    We could not wait for billing when subscriptions went live, so numbers here
    are ABO-<year>-<n>, and the PDF is our own template.
    """

    prefix = "ABO"

    def __init__(self, today=None):
        self.today = today or datetime.date.today()
        self.run = BillingRun.objects.create(id=uuid.uuid4(), day=self.today)

    def due(self):
        return Subscription.objects.filter(active=True, renews_on__lte=self.today)

    def bill_all(self):
        count = 0
        for subscription in self.due():
            self.bill(subscription)
            count += 1
        self.run.count = count
        self.run.save()
        return count

    @transaction.atomic
    def bill(self, subscription):
        last = (
            SubscriptionInvoice.objects.filter(year=self.today.year)
            .select_for_update()
            .aggregate(top=models.Max("serial"))["top"]
            or 0
        )
        invoice = SubscriptionInvoice.objects.create(
            run=self.run,
            year=self.today.year,
            serial=last + 1,
            number=f"{self.prefix}-{self.today.year}-{last + 1}",
            subscription=subscription,
            net=subscription.plan.price,
            vat=(subscription.plan.price * Decimal("0.19")).quantize(Decimal("0.01")),
        )
        invoice.document = self._pdf(invoice)
        invoice.save(update_fields=["document"])
        subscription.renews_on = subscription.plan.next_period(self.today)
        subscription.save(update_fields=["renews_on"])
        transaction.on_commit(lambda: self._mail(invoice))
        return invoice

    def _pdf(self, invoice):
        out = io.BytesIO()
        html = render_to_string("subscriptions/invoice.html", {"invoice": invoice})
        pisa.CreatePDF(html, dest=out)
        return out.getvalue()

    def _mail(self, invoice):
        mail = EmailMultiAlternatives(
            f"Your subscription invoice {invoice.number}",
            render_to_string("subscriptions/invoice.txt", {"invoice": invoice}),
            to=[invoice.subscription.user.email],
        )
        mail.attach(f"{invoice.number}.pdf", invoice.document, "application/pdf")
        mail.send()


@shared_task
def bill_renewals():
    return RenewalBiller().bill_all()
