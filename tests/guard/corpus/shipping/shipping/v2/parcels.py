"""Second try at shipping: multi-parcel consignments. Used by the gift-box team only."""

from datetime import datetime, timezone

import requests
from django.db import models, transaction


class Consignment(models.Model):
    uid = models.CharField(max_length=40, primary_key=True)
    carrier = models.CharField(max_length=16)
    status = models.CharField(max_length=24, default="NEW")
    raw = models.JSONField(default=dict)
    seen = models.DateTimeField(null=True)


class ParcelService:
    """
    Talks to the Shipcloud gateway, which talks to all carriers.

    Usage::

        svc = ParcelService(token)
        consignments = svc.create(address, weights=[800, 1200])
        svc.refresh(consignments[0].uid)
    """

    BASE = "https://api.shipcloud.example/v1"

    def __init__(self, token):
        self.http = requests.Session()
        self.http.auth = (token, "")

    @transaction.atomic
    def create(self, address, weights, carrier="dpd"):
        made = []
        for weight in weights:
            r = self.http.post(
                self.BASE + "/shipments",
                json={
                    "to": address,
                    "carrier": carrier,
                    "package": {"weight": weight / 1000},
                    "create_shipping_label": True,
                },
            )
            r.raise_for_status()
            body = r.json()
            made.append(
                Consignment.objects.create(uid=body["id"], carrier=carrier, raw=body)
            )
        return made

    def refresh(self, uid):
        c = Consignment.objects.get(pk=uid)
        r = self.http.get("%s/shipments/%s" % (self.BASE, uid))
        r.raise_for_status()
        c.raw = r.json()
        c.status = c.raw["packages"][0]["tracking_events"][-1]["status"].upper()
        c.seen = datetime.now(timezone.utc)
        c.save()
        return c.status

    def void(self, uid):
        self.http.delete("%s/shipments/%s" % (self.BASE, uid)).raise_for_status()
        Consignment.objects.filter(pk=uid).update(status="VOID")
