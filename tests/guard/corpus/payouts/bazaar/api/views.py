from django.http import JsonResponse
from django.views import View

from bazaar.payouts.exceptions import PayoutRefused
from bazaar.payouts.models import Payout
from bazaar.payouts.service import PayoutServiceFactory
from bazaar.utils import PayoneerSender
from creators.payout_manager import CreatorPayoutManager


class PayMeView(View):
    def post(self, request):
        seller = request.user.seller
        if seller.country in ("CN", "VN", "TH"):
            return JsonResponse(PayoneerSender().transfer(seller, seller.balance))
        try:
            payout = PayoutServiceFactory().for_seller(seller).pay_balance(seller)
        except PayoutRefused as exc:
            return JsonResponse({"error": exc.reason}, status=409)
        return JsonResponse({"id": str(payout.pk) if payout else None})


class PayCreatorView(View):
    def post(self, request):
        payout = CreatorPayoutManager().pay_balance(request.user.creator)
        return JsonResponse({"id": payout and payout.pk})


class PayoutWebhookView(View):
    """Stripe tells us how a transfer ended."""

    def post(self, request):
        event = request.stripe_event
        status = {"transfer.paid": Payout.PAID, "transfer.failed": Payout.FAILED}.get(
            event.type
        )
        if status:
            Payout.objects.filter(external_id=event.data.object.id).update(
                status=status
            )
        return JsonResponse({"ok": True})
