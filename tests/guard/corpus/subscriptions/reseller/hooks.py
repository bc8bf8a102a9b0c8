from django.http import HttpResponse
from django.views.decorators.http import require_POST

from reseller.stripe_subs import ResellerSubscriptions


@require_POST
def order(request, account):
    subs = ResellerSubscriptions(account)
    made = subs.create(
        request.POST["email"], request.POST["plan"], request.POST.get("coupon")
    )
    return HttpResponse(made.id)
