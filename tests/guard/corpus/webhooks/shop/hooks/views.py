from django.contrib.auth.decorators import login_required
from django.http import JsonResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_POST

from shop.hooks.models import Delivery, Endpoint
from shop.hooks.wiring import DispatcherFactory


@login_required
@require_POST
def ping(request, pk):
    endpoint = get_object_or_404(Endpoint, pk=pk, merchant=request.user.merchant)
    ok = DispatcherFactory().for_merchant(endpoint.merchant).ping(endpoint)
    return JsonResponse({"ok": ok})


@login_required
@require_POST
def redeliver(request, pk):
    delivery = get_object_or_404(
        Delivery, pk=pk, endpoint__merchant=request.user.merchant
    )
    ok = DispatcherFactory().for_merchant(request.user.merchant).redeliver(delivery.pk)
    return JsonResponse({"ok": ok, "status": delivery.status})
