from django.apps import AppConfig


class PayoutsConfig(AppConfig):
    name = "bazaar.payouts"
    verbose_name = "Seller payouts"
