import hashlib
import hmac
import json

import requests
from django.db import models


class WebhookSubscription(models.Model):
    url = models.URLField()
    event = models.CharField(max_length=60)
    secret = models.CharField(max_length=64)
    active = models.BooleanField(default=True)


class WebhookSubscriptionManager:
    """Third-party URLs that want to hear of our events."""

    def subscribe(self, url, event, secret):
        return WebhookSubscription.objects.create(url=url, event=event, secret=secret)

    def cancel(self, url, event=None):
        found = WebhookSubscription.objects.filter(url=url)
        if event:
            found = found.filter(event=event)
        return found.update(active=False)

    def deliver(self, event, payload):
        body = json.dumps(payload).encode()
        for hook in WebhookSubscription.objects.filter(event=event, active=True):
            sign = hmac.new(hook.secret.encode(), body, hashlib.sha256).hexdigest()
            requests.post(hook.url, data=body, headers={"X-Signature": sign}, timeout=3)
