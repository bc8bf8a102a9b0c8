"""The web shop of Oak & Lantern (Django project, apps below)."""

default_app_config = "shop.apps.ShopConfig"
