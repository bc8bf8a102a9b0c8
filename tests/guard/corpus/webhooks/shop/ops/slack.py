import requests
from django.conf import settings


class OpsSlackNotifier:
    """Writes to our own on-call channel by Slack's incoming webhook."""

    def __init__(self, webhook_url=None):
        self.webhook_url = webhook_url or settings.SLACK_OPS_WEBHOOK

    def send(self, text, level="warning"):
        colour = {"info": "#ccc", "warning": "#fc3", "error": "#c00"}[level]
        body = {"attachments": [{"color": colour, "text": text}]}
        requests.post(self.webhook_url, json=body, timeout=5)
