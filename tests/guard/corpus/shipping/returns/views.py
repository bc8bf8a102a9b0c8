from django.http import JsonResponse
from django.shortcuts import get_object_or_404

from orders.models import Order
from orders.tracking import ShopTracker
from returns.labels import ReturnLabels

tracker = ShopTracker("returns")


def ask_return(request, order_id):
    order = get_object_or_404(Order, pk=order_id, customer=request.user.customer)
    number, url = ReturnLabels().issue(
        "R%d" % order.pk, order.customer, request.POST.get("reason", "")
    )
    tracker.track(request.user.pk, "return_asked", order=order.pk)
    return JsonResponse({"parcel": number, "label": url})


def return_state(request, rma):
    return JsonResponse({"state": ReturnLabels().follow(rma)})
