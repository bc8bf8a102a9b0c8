import datetime
import json
import os
import secrets

from django.conf import settings


class RebateVoucherDesk:
    """Discount vouchers for wholesale customers.

    Wholesale has no user accounts, so we keep them ourselves in one JSON file
    per customer number. The desk clerk issues, the order import redeems.
    """

    def __init__(self, root=None):
        self.root = root or settings.WHOLESALE_DIR

    def _path(self, customer_no):
        return os.path.join(self.root, "%s.json" % customer_no)

    def _load(self, customer_no):
        try:
            with open(self._path(customer_no)) as fh:
                return json.load(fh)
        except FileNotFoundError:
            return {}

    def _save(self, customer_no, book):
        tmp = self._path(customer_no) + ".tmp"
        with open(tmp, "w") as fh:
            json.dump(book, fh, indent=1)
        os.replace(tmp, self._path(customer_no))

    def issue_voucher(self, customer_no, euros, valid_days=365):
        book = self._load(customer_no)
        number = "WH" + secrets.token_hex(4)
        until = datetime.date.today() + datetime.timedelta(days=valid_days)
        book[number] = {"euros": euros, "until": until.isoformat(), "order": None}
        self._save(customer_no, book)
        return number

    def open_vouchers(self, customer_no):
        today = datetime.date.today().isoformat()
        return {
            n: v
            for n, v in self._load(customer_no).items()
            if v["order"] is None and v["until"] >= today
        }

    def redeem_voucher(self, customer_no, number, order_no):
        if number not in self.open_vouchers(customer_no):
            raise ValueError("voucher %s is not open for %s" % (number, customer_no))
        book = self._load(customer_no)
        book[number]["order"] = order_no
        self._save(customer_no, book)
        return book[number]["euros"]


def import_order_line(line):
    """Called by the nightly EDI import: ORDER;CUSTOMER;TOTAL;VOUCHER"""
    order_no, customer_no, total, voucher = line.rstrip().split(";")
    off = 0
    if voucher:
        off = RebateVoucherDesk().redeem_voucher(customer_no, voucher, order_no)
    return order_no, max(0, float(total) - off)
