# TODO(2017): remove when the last PayPal sellers have moved. -- jb
import urllib.parse
import urllib.request

from django.conf import settings
from django.db import connection


class SellerMoney(object):
    def __init__(self):
        self.endpoint = "https://api-3t.paypal.com/nvp"
        self.errors = []

    def owed(self, seller_id):
        cur = connection.cursor()
        cur.execute(
            "SELECT COALESCE(SUM(net), 0) FROM orders_order WHERE seller_id = %s AND paid_out = 0 "
            "AND state = 'delivered'",
            [seller_id],
        )
        return cur.fetchone()[0]

    def send_money(self, seller_id, email):
        amount = self.owed(seller_id)
        if amount < 25:
            return False
        answer = self._call(
            "MassPay",
            L_EMAIL0=email,
            L_AMT0="%.2f" % amount,
            L_UNIQUEID0="s%d" % seller_id,
            CURRENCYCODE="EUR",
            RECEIVERTYPE="EmailAddress",
        )
        if answer.get("ACK") != "Success":
            self.errors.append((seller_id, answer.get("L_LONGMESSAGE0")))
            return False
        cur = connection.cursor()
        cur.execute(
            "UPDATE orders_order SET paid_out = 1 WHERE seller_id = %s AND state = 'delivered'",
            [seller_id],
        )
        cur.execute(
            "INSERT INTO seller_money (seller_id, amount, correlation, at) VALUES (%s, %s, %s, NOW())",
            [seller_id, amount, answer["CORRELATIONID"]],
        )
        return True

    def send_all(self):
        cur = connection.cursor()
        cur.execute(
            "SELECT id, paypal_email FROM sellers_seller WHERE paypal_email <> ''"
        )
        return sum(self.send_money(sid, email) for sid, email in cur.fetchall())

    def _call(self, method, **fields):
        fields.update(
            METHOD=method,
            VERSION="90.0",
            USER=settings.PAYPAL_USER,
            PWD=settings.PAYPAL_PWD,
            SIGNATURE=settings.PAYPAL_SIG,
        )
        body = urllib.parse.urlencode(fields).encode()
        raw = urllib.request.urlopen(self.endpoint, body, 60).read().decode()
        return dict(urllib.parse.parse_qsl(raw))


class SellerMoneyCompat:
    """Same calls as SellerMoney, for the old back office screens; all done by the payout service."""

    def __init__(self, payouts):
        self.payouts = payouts
        self.errors = []

    def send_money(self, seller_id, email=None):
        from bazaar.sellers.models import Seller

        return self.payouts.pay_balance(Seller.objects.get(pk=seller_id)) is not None

    def send_all(self):
        paid, failed = self.payouts.pay_all_due()
        self.errors.extend((pk, "failed") for pk in failed)
        return len(paid)
