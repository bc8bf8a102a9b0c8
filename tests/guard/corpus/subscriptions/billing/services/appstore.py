import jwt
import requests

from billing.exceptions import SubscriptionError
from billing.models import Plan
from billing.services.base import SubscriptionBackend


class AppStoreSubscriptions(SubscriptionBackend):
    """The subscriptions that were bought in the iOS app; Apple keeps them and takes the money."""

    URL = "https://api.storekit.itunes.apple.com/inApps/v1"

    def __init__(self, key, issuer):
        self.key = key
        self.issuer = issuer

    def subscribe(self, customer, plan):
        raise SubscriptionError("can only be bought on the phone", customer)

    def cancel(self, customer, at_period_end=True):
        raise SubscriptionError(
            "the customer has to cancel it in the App Store", customer
        )

    def current(self, customer):
        body = self._get(f"/subscriptions/{customer.apple_transaction_id}")
        for group in body.get("data", []):
            for last in group["lastTransactions"]:
                if last["status"] == 1:
                    info = jwt.decode(
                        last["signedTransactionInfo"],
                        options={"verify_signature": False},
                    )
                    return Plan.objects.get(code=info["productId"].rsplit(".", 1)[-1])
        return None

    def renew_due(self, now=None):
        return 0

    def _get(self, path):
        token = jwt.encode(
            {"iss": self.issuer, "aud": "appstoreconnect-v1"}, self.key, "ES256"
        )
        answer = requests.get(
            self.URL + path, headers={"Authorization": f"Bearer {token}"}, timeout=10
        )
        answer.raise_for_status()
        return answer.json()
