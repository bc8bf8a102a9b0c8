"""Invoices are told to the merchant's bookkeeping system by a URL of its own."""

import base64
import hashlib
import hmac
import json

import httpx
from django.db import models
from django.utils import timezone

from shop.hooks.errors import HookError


class BookkeepingUrl(models.Model):
    merchant = models.OneToOneField("accounts.Merchant", on_delete=models.CASCADE)
    target = models.URLField()
    key = models.CharField(max_length=64)
    last_ok = models.DateTimeField(null=True)
    last_error = models.CharField(max_length=300, blank=True)


class InvoicePushService:
    """Sends `invoice.issued`, `invoice.paid` and `invoice.void` to the merchant's URL."""

    RETRIES = 4

    def __init__(self):
        self.client = httpx.Client(
            timeout=8.0, transport=httpx.HTTPTransport(retries=2)
        )

    def invoice_issued(self, invoice):
        return self._push(invoice, "invoice.issued")

    def invoice_paid(self, invoice):
        return self._push(invoice, "invoice.paid")

    def invoice_void(self, invoice):
        return self._push(invoice, "invoice.void")

    def _push(self, invoice, what):
        try:
            to = BookkeepingUrl.objects.get(merchant=invoice.merchant)
        except BookkeepingUrl.DoesNotExist:
            return None
        content = json.dumps(
            {"type": what, "invoice": invoice.as_dict()}, sort_keys=True
        )
        signature = base64.b64encode(
            hmac.new(to.key.encode(), content.encode(), hashlib.sha256).digest()
        )
        for attempt in range(self.RETRIES):
            try:
                r = self.client.post(
                    to.target,
                    content=content,
                    headers={"X-Signature": signature.decode()},
                )
                r.raise_for_status()
            except httpx.HTTPError as e:
                to.last_error = str(e)[:300]
            else:
                to.last_ok, to.last_error = timezone.now(), ""
                break
        to.save()
        if to.last_error:
            raise HookError(to.last_error)
        return r.status_code
