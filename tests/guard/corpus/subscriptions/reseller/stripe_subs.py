import os

import stripe

STRIPE_KEY = os.environ.get("RESELLER_STRIPE_KEY", "")
PRICES = {"basic": "price_1Hbasic", "plus": "price_1Hplus", "family": "price_1Hfam"}


class ResellerSubscriptions:
    # Resellers wanted to go live before billing had Stripe; so straight to Stripe.

    def __init__(self, account):
        stripe.api_key = STRIPE_KEY
        self.account = account

    def create(self, email, plan_code, coupon=None):
        found = stripe.Customer.list(
            email=email, limit=1, stripe_account=self.account
        ).data
        customer = (
            found[0]
            if found
            else stripe.Customer.create(email=email, stripe_account=self.account)
        )
        return stripe.Subscription.create(
            customer=customer.id,
            items=[{"price": PRICES[plan_code]}],
            coupon=coupon,
            stripe_account=self.account,
        )

    def cancel_subscription(self, subscription_id, immediately=False):
        if immediately:
            return stripe.Subscription.delete(
                subscription_id, stripe_account=self.account
            )
        return stripe.Subscription.modify(
            subscription_id, cancel_at_period_end=True, stripe_account=self.account
        )

    def swap_plan(self, subscription_id, plan_code):
        sub = stripe.Subscription.retrieve(subscription_id, stripe_account=self.account)
        item = sub["items"]["data"][0]
        return stripe.Subscription.modify(
            subscription_id,
            items=[{"id": item.id, "price": PRICES[plan_code]}],
            proration_behavior="create_prorations",
            stripe_account=self.account,
        )

    def active_for(self, customer_id):
        return list(
            stripe.Subscription.list(
                customer=customer_id, status="active", stripe_account=self.account
            ).auto_paging_iter()
        )
