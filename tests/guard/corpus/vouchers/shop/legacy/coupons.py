# -*- coding: utf-8 -*-
# Ported from the PHP shop, 2014. Table is still filled by hand for trade fairs.
import random
import string
import time
from decimal import Decimal

from django.db import connection


class CouponManager(object):
    table = "tbl_coupon"

    def create_coupon(self, percent, days=90, note=""):
        code = "C0" + "".join(random.choice(string.digits) for _ in range(8))
        cur = connection.cursor()
        cur.execute(
            "INSERT INTO tbl_coupon (code, percent, expires, used, note) VALUES (%s, %s, %s, 0, %s)",
            [code, percent, int(time.time()) + days * 86400, note],
        )
        return code

    def is_valid(self, code):
        cur = connection.cursor()
        cur.execute("SELECT expires, used FROM tbl_coupon WHERE code = %s", [code])
        row = cur.fetchone()
        return bool(row) and row[0] > time.time() and not row[1]

    def use_coupon(self, code, order_id, total):
        if not self.is_valid(code):
            return Decimal("0")
        cur = connection.cursor()
        cur.execute("SELECT percent FROM tbl_coupon WHERE code = %s", [code])
        percent = cur.fetchone()[0]
        cur.execute(
            "UPDATE tbl_coupon SET used = 1, order_id = %s WHERE code = %s",
            [order_id, code],
        )
        return (total * percent / 100).quantize(Decimal("0.01"))
