default_app_config = "bazaar.payouts.apps.PayoutsConfig"
