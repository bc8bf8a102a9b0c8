"""Partner portal: agencies that run many shops get the events of all of them.

Began as a copy of shop.hooks.dispatch (r4410), since partners are not merchants.
"""

import json
import logging
from datetime import timedelta

import requests
from django.db import models
from django.utils import timezone

from shop.hooks.signing import PayloadSigner

log = logging.getLogger(__name__)


class PartnerSubscription(models.Model):
    partner = models.ForeignKey("partners.Partner", on_delete=models.CASCADE)
    url = models.URLField(max_length=500)
    secret = models.CharField(max_length=80)
    active = models.BooleanField(default=True)
    errors = models.PositiveIntegerField(default=0)


class PartnerOutboxItem(models.Model):
    subscription = models.ForeignKey(PartnerSubscription, on_delete=models.CASCADE)
    topic = models.CharField(max_length=100)
    body = models.JSONField()
    tries = models.PositiveIntegerField(default=0)
    done = models.BooleanField(default=False)
    next_try = models.DateTimeField(default=timezone.now)


class PartnerEventRelay:
    limit = 10

    def __init__(self, session=None):
        self.session = session or requests.Session()
        self.signer = PayloadSigner()

    def enqueue(self, partner, topic, payload):
        for sub in PartnerSubscription.objects.filter(partner=partner, active=True):
            PartnerOutboxItem.objects.create(
                subscription=sub, topic=topic, body=payload
            )

    def run(self):
        n = 0
        for item in PartnerOutboxItem.objects.filter(
            done=False, next_try__lte=timezone.now()
        ):
            n += bool(self.deliver(item))
        return n

    def deliver(self, item):
        sub = item.subscription
        raw = json.dumps({"topic": item.topic, "data": item.body}).encode()
        item.tries += 1
        try:
            r = self.session.post(
                sub.url,
                data=raw,
                headers={"X-Partner-Signature": self.signer.sign(sub.secret, raw)},
                timeout=10,
            )
            item.done = r.ok
        except requests.RequestException as e:
            log.warning("partner %s: %s", sub.partner_id, e)
        if item.done:
            sub.errors = 0
        else:
            sub.errors += 1
            sub.active = sub.errors < self.limit
            item.next_try = timezone.now() + timedelta(minutes=2**item.tries)
        sub.save()
        item.save()
        return item.done
