from decimal import Decimal

import requests
from django.conf import settings
from django.db import transaction

from affiliates.models import Affiliate, Commission, CommissionPayment


class CommissionCalculator:
    """How much commission a click-through earned. Only sums; pays nobody."""

    tiers = [(Decimal("10000"), Decimal("0.08")), (Decimal("1000"), Decimal("0.06"))]
    base = Decimal("0.04")

    def rate(self, turnover):
        for floor, rate in self.tiers:
            if turnover >= floor:
                return rate
        return self.base

    def due(self, affiliate, month):
        turnover = affiliate.turnover(month)
        return (turnover * self.rate(turnover)).quantize(Decimal("0.01"))


class CommissionPayer:
    """Pays affiliates their commission through Wise, once a month."""

    def __init__(self, token=None, profile=None):
        self.http = requests.Session()
        self.http.headers["Authorization"] = "Bearer %s" % (
            token or settings.WISE_TOKEN
        )
        self.profile = profile or settings.WISE_PROFILE

    def pay_affiliate(self, affiliate):
        with transaction.atomic():
            open_commissions = Commission.objects.select_for_update().filter(
                affiliate=affiliate, payment=None
            )
            total = sum((c.amount for c in open_commissions), Decimal(0))
            if total < settings.AFFILIATE_MINIMUM:
                return None
            payment = CommissionPayment.objects.create(
                affiliate=affiliate, amount=total
            )
            open_commissions.update(payment=payment)
        quote = self._post(
            f"/v3/profiles/{self.profile}/quotes",
            sourceCurrency="EUR",
            targetCurrency=affiliate.currency,
            sourceAmount=str(total),
        )
        transfer = self._post(
            "/v1/transfers",
            targetAccount=affiliate.wise_recipient,
            quoteUuid=quote["id"],
            customerTransactionId=str(payment.uuid),
        )
        self._post(
            f"/v3/profiles/{self.profile}/transfers/{transfer['id']}/payments",
            type="BALANCE",
        )
        payment.wise_id = transfer["id"]
        payment.save(update_fields=["wise_id"])
        return payment

    def run_month(self):
        return [
            p
            for a in Affiliate.objects.filter(active=True)
            if (p := self.pay_affiliate(a))
        ]

    def _post(self, path, **body):
        response = self.http.post(settings.WISE_URL + path, json=body, timeout=30)
        response.raise_for_status()
        return response.json()
