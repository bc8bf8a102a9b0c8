from django.http import JsonResponse
from django.views.decorators.http import require_POST

from shop.catalog.availability import AvailabilityBadge
from shop.checkout.cart_stock import CartStock
from shop.flashsale.counters import FlashCounters
from shop.promo.coupons import CouponPool
from shop.stock import OutOfStock
from shop.stock.setup import ledgers

flash = FlashCounters("redis://cache:6379/3")


@require_POST
def start_checkout(request):
    cart = request.cart
    coupons = CouponPool()
    if request.POST.get("coupon"):
        coupons.reserve(request.POST["coupon"], request.user.pk)
    try:
        if cart.is_flash_sale:
            claim = flash.claim(cart.flash_sku, request.user.pk, 1)
            request.session["claim"] = claim
        else:
            request.session["tokens"] = [str(t) for t in CartStock().hold_cart(cart)]
    except OutOfStock as e:
        return JsonResponse({"error": "out of stock", "sku": e.sku}, status=409)
    return JsonResponse({"ok": True})


def product_badge(request, sku):
    badge = AvailabilityBadge(ledgers.for_site("MAIN").available(sku))
    return JsonResponse({"text": badge.text(), "colour": badge.colour()})
