from adrf.decorators import api_view
from rest_framework.response import Response

from api.v2.invoicing import AsyncInvoiceService, InvoiceSerializer
from billing.models import Invoice


@api_view(["POST"])
async def issue_invoice(request, pk):
    service = AsyncInvoiceService()
    try:
        invoice = await Invoice.objects.aget(pk=pk, created_by=request.user)
        await service.issue(invoice)
        await service.send(invoice, email=request.data.get("email"))
    finally:
        await service.aclose()
    return Response(InvoiceSerializer(invoice).data, status=201)
