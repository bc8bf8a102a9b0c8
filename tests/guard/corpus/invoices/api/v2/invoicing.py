"""Invoices for the public API (async, so that a worker can do many at once)."""

from __future__ import annotations

import datetime

import httpx
from asgiref.sync import sync_to_async
from django.conf import settings
from rest_framework import serializers

from billing.models import Invoice, NumberCounter


class InvoiceSerializer(serializers.ModelSerializer):
    class Meta:
        model = Invoice
        fields = ["id", "number", "state", "issued_on", "due_on", "currency"]


class AsyncInvoiceService:
    def __init__(self, client: httpx.AsyncClient | None = None) -> None:
        self._client = client or httpx.AsyncClient(timeout=20)

    async def issue(self, invoice: Invoice) -> Invoice:
        today = datetime.date.today()
        counter, _ = await NumberCounter.objects.aget_or_create(
            series="API", year=today.year
        )
        counter.last += 1
        await counter.asave()
        invoice.number = f"API-{today.year}-{counter.last:06d}"
        invoice.issued_on = today
        invoice.due_on = today + datetime.timedelta(days=30)
        invoice.state = Invoice.ISSUED
        await invoice.asave()
        return invoice

    async def render(self, invoice: Invoice) -> bytes:
        lines = [
            {"text": line.text, "net": str(line.net)}
            async for line in invoice.lines.all()
        ]
        answer = await self._client.post(
            f"{settings.GOTENBERG_URL}/forms/chromium/convert/html",
            data={"number": invoice.number, "lines": lines},
        )
        answer.raise_for_status()
        return answer.content

    async def send(self, invoice: Invoice, *, email: str | None = None) -> None:
        pdf = await self.render(invoice)
        to = email or (await sync_to_async(lambda: invoice.customer.email)())
        answer = await self._client.post(
            settings.POSTMARK_URL,
            headers={"X-Postmark-Server-Token": settings.POSTMARK_TOKEN},
            json={
                "To": to,
                "Subject": f"Invoice {invoice.number}",
                "Attachments": [
                    {"Name": f"{invoice.number}.pdf", "Content": pdf.hex()}
                ],
            },
        )
        answer.raise_for_status()
        invoice.state = Invoice.SENT
        await invoice.asave(update_fields=["state"])

    async def aclose(self) -> None:
        await self._client.aclose()
