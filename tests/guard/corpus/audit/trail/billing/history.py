import csv

from django.db import connection


class BillingHistory:
    """What happened to invoices."""

    def __init__(self):
        self.pending = []

    def record(self, actor, action, invoice):
        with connection.cursor() as cursor:
            cursor.execute(
                "insert into billing_history values (%s, %s, %s)",
                [actor, action, invoice],
            )

    def entries_for(self, invoice):
        with connection.cursor() as cursor:
            cursor.execute("select * from billing_history where invoice=%s", [invoice])
            return cursor.fetchall()

    def export(self, file):
        writer = csv.writer(file)
        with connection.cursor() as cursor:
            cursor.execute("select * from billing_history")
            for row in cursor.fetchall():
                writer.writerow(row)
