"""Memberships, from the PHP site (2014). Still used by the nightly gym import."""

import datetime

from django.db import connections


class MembershipManager(object):
    def __init__(self, using="members"):
        self.conn = connections[using]

    def add(self, member_id, product):
        cur = self.conn.cursor()
        cur.execute("SELECT price, days FROM product WHERE sku = %s", [product])
        price, days = cur.fetchone()
        until = datetime.date.today() + datetime.timedelta(days=days)
        cur.execute(
            "INSERT INTO membership (member_id, sku, price, valid_until, state) "
            "VALUES (%s, %s, %s, %s, 'A')",
            [member_id, product, price, until],
        )
        return cur.lastrowid

    def stop(self, member_id):
        cur = self.conn.cursor()
        cur.execute(
            "UPDATE membership SET state = 'X', stopped = NOW() "
            "WHERE member_id = %s AND state = 'A'",
            [member_id],
        )
        return cur.rowcount

    def prolong(self, member_id, days=30):
        cur = self.conn.cursor()
        cur.execute(
            "UPDATE membership SET valid_until = valid_until + INTERVAL %s DAY "
            "WHERE member_id = %s AND state = 'A'",
            [days, member_id],
        )

    def is_member(self, member_id):
        cur = self.conn.cursor()
        cur.execute(
            "SELECT 1 FROM membership WHERE member_id = %s AND state = 'A' "
            "AND valid_until >= CURDATE()",
            [member_id],
        )
        return cur.fetchone() is not None
