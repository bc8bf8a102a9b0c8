from django.http import JsonResponse
from django.shortcuts import redirect, render
from django.views import View

from shop.checkout.state import CheckoutState
from shop.checkout.vouchers import BasketVoucherStep
from shop.legacy.coupons import CouponManager
from shop.loyalty.points import PointsAccount
from shop.newsletter.welcome import WelcomeDiscount


class CheckoutView(View):
    def get(self, request):
        return render(request, "checkout.html", {"state": CheckoutState.load(request)})

    def post(self, request):
        state = CheckoutState.load(request)
        code = state.form.get("voucher_code", "")
        if code.startswith("C0"):
            # coupons printed before 2017
            state.discount += CouponManager().use_coupon(
                code, state.order.pk, state.order.subtotal
            )
        elif code.startswith("HELLO"):
            state.discount += WelcomeDiscount().claim(
                request.user.email, code, state.order
            )
        else:
            BasketVoucherStep().commit(state)
        if state.form.get("use_points"):
            state.discount += PointsAccount(request.user).redeem(
                int(state.form["use_points"])
            )
        if state.errors:
            return JsonResponse({"errors": state.errors}, status=422)
        state.save()
        return redirect("checkout:thanks")
