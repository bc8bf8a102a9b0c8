import os

DEBUG = os.environ.get("SHOP_DEBUG") == "1"
SECRET_KEY = os.environ.get("SHOP_SECRET", "dev")

INSTALLED_APPS = [
    "django.contrib.admin",
    "django.contrib.auth",
    "django.contrib.contenttypes",
    "shipping",
    "orders",
    "returns",
    "b2b",
    "warehouse",
    "accounting",
]

SHIPPING_ENABLED = os.environ.get("SHOP_SHIPPING", "1") == "1"
SHIPPING_CARRIERS = {
    "dhl": {
        "url": "https://api.dhl.example/parcel/v3",
        "key": os.environ.get("DHL_KEY", ""),
    },
    "gls": {
        "url": "https://api.gls.example/shipments",
        "key": os.environ.get("GLS_KEY", ""),
    },
    "ups": {
        "url": "https://onlinetools.ups.example/api",
        "key": os.environ.get("UPS_KEY", ""),
    },
}
BIKE_COURIER_URL = "https://dispatch.velolink.example"
DHL_INTRASHIP_WSDL = "https://cig.dhl.example/intraship"
RETURNS_PORTAL = "https://returns.gls.example/api/v1"
B2B_FORWARDER_FTP = "ftp.forwarder.example"
