import os

DATA = os.environ.get("HUB_DATA", "/var/lib/hub")
DB = os.path.join(DATA, "devices.db")
PLUGIN_DIR = os.path.join(DATA, "plugins")
XMLRPC_PORT = 8013
