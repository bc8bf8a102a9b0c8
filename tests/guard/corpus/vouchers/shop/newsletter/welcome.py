from decimal import Decimal

from django.core.mail import send_mail
from django.db import models
from django.template.loader import render_to_string
from django.utils.crypto import get_random_string


class WelcomeCode(models.Model):
    email = models.EmailField(unique=True)
    code = models.CharField(max_length=16)
    order = models.ForeignKey("orders.Order", null=True, on_delete=models.SET_NULL)


class WelcomeDiscount:
    """5 EUR off the first order for new subscribers."""

    amount = Decimal("5.00")

    def send_to(self, email):
        row, created = WelcomeCode.objects.get_or_create(
            email=email.lower(),
            defaults={"code": "HELLO" + get_random_string(6).upper()},
        )
        if created:
            send_mail(
                "Welcome!",
                render_to_string("welcome.txt", {"code": row.code}),
                "news@example.com",
                [email],
            )
        return row.code

    def claim(self, email, code, order):
        updated = WelcomeCode.objects.filter(
            email=email.lower(), code=code, order=None
        ).update(order=order)
        if not updated:
            return Decimal("0")
        return min(self.amount, order.subtotal)
