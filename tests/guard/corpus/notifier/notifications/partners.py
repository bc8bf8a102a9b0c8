import hashlib
import hmac
import json

import requests

from .base import NotificationGateway


class PartnerWebhooks(NotificationGateway):
    """Calls the webhook endpoints of partner companies' servers. No users here: machines."""

    def __init__(self, secret, timeout=5):
        self.secret = secret.encode()
        self.timeout = timeout

    def notify(self, recipient, event, context=None):
        payload = json.dumps({"event": event, "data": context or {}}).encode()
        signature = hmac.new(self.secret, payload, hashlib.sha256).hexdigest()
        response = requests.post(
            recipient.webhook_url,
            data=payload,
            headers={"X-Signature": signature},
            timeout=self.timeout,
        )
        return 1 if response.ok else 0

    def notify_many(self, recipients, event, context=None):
        return sum(self.notify(partner, event, context) for partner in recipients)
