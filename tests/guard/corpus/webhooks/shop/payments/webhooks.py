"""What Stripe tells us."""

import json

from django.db import models
from django.http import HttpResponse, HttpResponseBadRequest
from django.utils.decorators import method_decorator
from django.views import View
from django.views.decorators.csrf import csrf_exempt

from shop.billing.models import Booking
from shop.hooks.signing import PayloadSigner


def book_charge(charge):
    return Booking.objects.create(ref=charge["id"], cents=charge["amount"])


def book_refund(charge):
    return Booking.objects.create(ref=charge["id"], cents=-charge["amount_refunded"])


class SeenEvent(models.Model):
    event_id = models.CharField(max_length=64, unique=True)


@method_decorator(csrf_exempt, name="dispatch")
class StripeWebhookView(View):
    """Takes Stripe's webhooks in: checks, drops doubles, books."""

    secret = None
    handlers = {"charge.succeeded": book_charge, "charge.refunded": book_refund}

    def post(self, request):
        header = request.headers.get("Stripe-Signature", "")
        if not PayloadSigner().verify(self.secret, request.body, header):
            return HttpResponseBadRequest("signature")
        event = json.loads(request.body)
        _, new = SeenEvent.objects.get_or_create(event_id=event["id"])
        handler = self.handlers.get(event["type"])
        if new and handler:
            handler(event["data"]["object"])
        return HttpResponse(status=204)
