default_app_config = "shop.vouchers.apps.VouchersConfig"
