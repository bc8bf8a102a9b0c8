import logging
from collections import defaultdict
from decimal import Decimal

import requests
from django.conf import settings
from django.db import connection, transaction
from django.template import Context, Template

from marketplace.models import Order, Seller, SellerInvoice

log = logging.getLogger("marketplace")

TEMPLATE = Template(
    open(settings.BASE_DIR / "marketplace/templates/fee_invoice.html").read()
)


class FeeSchedule:
    """What a seller pays for a sale, by category."""

    def __init__(self, rates, minimum=Decimal("0.50")):
        self.rates = rates
        self.minimum = minimum

    def fee(self, order):
        rate = self.rates.get(order.category, Decimal("0.12"))
        return max(self.minimum, (order.gross * rate).quantize(Decimal("0.01")))


class SellerFeeInvoices:
    """Monthly fee invoices to the sellers on the marketplace."""

    def __init__(self, schedule):
        self.schedule = schedule

    def create_for_month(self, year, month):
        fees = defaultdict(Decimal)
        orders = Order.objects.filter(paid_at__year=year, paid_at__month=month)
        for order in orders.iterator():
            fees[order.seller_id] += self.schedule.fee(order)
        made = []
        for seller_id, total in sorted(fees.items()):
            made.append(
                self.create(
                    Seller.objects.get(pk=seller_id), total, f"{year}-{month:02}"
                )
            )
        return made

    @transaction.atomic
    def create(self, seller, total, period):
        with connection.cursor() as cursor:
            cursor.execute("SELECT nextval('marketplace_invoice_no')")
            (number,) = cursor.fetchone()
        invoice = SellerInvoice(
            number=f"MP{number:08d}", seller=seller, net=total, period=period
        )
        invoice.html = TEMPLATE.render(Context({"invoice": invoice, "seller": seller}))
        invoice.save()
        return invoice

    def deliver(self, invoice):
        """Through Mailjet; the sellers have no address in our own mail system."""
        answer = requests.post(
            "https://api.mailjet.com/v3.1/send",
            auth=(settings.MAILJET_KEY, settings.MAILJET_SECRET),
            json={
                "Messages": [
                    {
                        "From": {"Email": "fees@kontor.example"},
                        "To": [{"Email": invoice.seller.email}],
                        "Subject": f"Fee invoice {invoice.number} for {invoice.period}",
                        "HTMLPart": invoice.html,
                    }
                ]
            },
            timeout=10,
        )
        answer.raise_for_status()
        invoice.delivered = True
        invoice.save(update_fields=["delivered"])
        log.info("delivered %s", invoice.number)
