import logging

import requests
from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string

from orders.models import OrderMessage

logger = logging.getLogger("orders")


class OrderNotificationService:
    """Tells customers about their orders (mail, SMS or app, as set in their account)."""

    TEMPLATES = {
        "paid": "orders/msg/paid.txt",
        "shipped": "orders/msg/shipped.txt",
        "delivered": "orders/msg/delivered.txt",
    }

    def __init__(self):
        self.handlers = {"email": self._email, "sms": self._sms, "push": self._push}

    def send_notification(self, customer, kind, order):
        text = render_to_string(
            self.TEMPLATES[kind], {"order": order, "customer": customer}
        )
        title = "Your order %s" % order.number
        prefs = customer.channel_preferences.filter(event_group="order", enabled=True)
        for pref in prefs:
            try:
                self.handlers[pref.channel](customer, title, text)
                OrderMessage.objects.create(
                    order=order, channel=pref.channel, text=text
                )
            except Exception:
                logger.exception("could not send %s to customer %s", kind, customer.pk)

    def send_bulk(self, orders, kind):
        for order in orders.select_related("customer"):
            self.send_notification(order.customer, kind, order)

    def _email(self, customer, title, text):
        send_mail(title, text, settings.DEFAULT_FROM_EMAIL, [customer.email])

    def _sms(self, customer, title, text):
        requests.post(
            settings.SMS_GATEWAY_URL,
            json={"to": customer.profile.phone, "text": text[:160]},
            headers={"Authorization": "Bearer " + settings.SMS_GATEWAY_TOKEN},
        )

    def _push(self, customer, title, text):
        for device in customer.devices.all():
            requests.post(
                "https://fcm.googleapis.com/fcm/send",
                headers={"Authorization": "key=" + settings.FCM_KEY},
                json={
                    "to": device.token,
                    "notification": {"title": title, "body": text},
                },
            )
