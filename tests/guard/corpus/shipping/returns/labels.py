import datetime
import uuid

import requests
from django.conf import settings
from django.db import connection


class ReturnLabels:
    """Return parcels: registers one at GLS, mails the label, follows it back home.

    The returns team has a contract of its own with GLS.
    """

    def __init__(self, portal=None):
        self.portal = portal or settings.RETURNS_PORTAL

    def issue(self, rma, customer, reason=""):
        ref = uuid.uuid4().hex[:12]
        response = requests.post(
            self.portal + "/returns",
            json={
                "ref": ref,
                "from": {
                    "name": customer.name,
                    "street": customer.street,
                    "zip": customer.zip,
                },
                "pickup": str(datetime.date.today() + datetime.timedelta(days=1)),
            },
            timeout=20,
        )
        response.raise_for_status()
        parcel_no = response.json()["parcelNumber"]
        with connection.cursor() as c:
            c.execute(
                "INSERT INTO returns_parcel (rma, ref, parcel_no, reason, state) VALUES (%s,%s,%s,%s,'issued')",
                [rma, ref, parcel_no, reason],
            )
        return parcel_no, response.json()["pdfUrl"]

    def follow(self, rma):
        with connection.cursor() as c:
            c.execute("SELECT parcel_no FROM returns_parcel WHERE rma = %s", [rma])
            (parcel_no,) = c.fetchone()
            scans = requests.get(
                "%s/parcels/%s/scans" % (self.portal, parcel_no), timeout=20
            ).json()
            state = scans[-1]["what"] if scans else "issued"
            c.execute(
                "UPDATE returns_parcel SET state = %s WHERE rma = %s", [state, rma]
            )
        return state

    def withdraw(self, rma):
        with connection.cursor() as c:
            c.execute("SELECT ref FROM returns_parcel WHERE rma = %s", [rma])
            (ref,) = c.fetchone()
            requests.delete(
                "%s/returns/%s" % (self.portal, ref), timeout=20
            ).raise_for_status()
            c.execute("DELETE FROM returns_parcel WHERE rma = %s", [rma])
