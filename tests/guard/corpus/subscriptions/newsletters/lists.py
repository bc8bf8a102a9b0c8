import hashlib

import requests
from django.conf import settings


class MailingListManager:
    """Puts e-mail addresses on the Mailchimp lists (blog digest, press) and takes them off."""

    def __init__(self, list_id):
        self.base = f"https://{settings.MAILCHIMP_DC}.api.mailchimp.com/3.0/lists/{list_id}/members"
        self.auth = ("any", settings.MAILCHIMP_KEY)

    def subscribe(self, email, language="en"):
        body = {"email_address": email, "status": "pending", "language": language}
        requests.put(
            f"{self.base}/{self._hash(email)}", json=body, auth=self.auth, timeout=5
        ).raise_for_status()

    def unsubscribe(self, email):
        requests.patch(
            f"{self.base}/{self._hash(email)}",
            json={"status": "unsubscribed"},
            auth=self.auth,
            timeout=5,
        ).raise_for_status()

    @staticmethod
    def _hash(email):
        return hashlib.md5(email.strip().lower().encode()).hexdigest()
