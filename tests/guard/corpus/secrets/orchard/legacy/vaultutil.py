import os
import time

import hvac

_CACHE = {}


class VaultUtil(object):
    """Don't use in new code."""

    def __init__(self):
        self.client = hvac.Client(
            url=os.environ["VAULT_ADDR"], token=os.environ.get("VAULT_TOKEN")
        )

    def secret(self, name):
        if name in _CACHE and _CACHE[name][1] > time.time():
            return _CACHE[name][0]
        path, field = name.rsplit("/", 1)
        res = self.client.secrets.kv.v1.read_secret(path=path, mount_point="secret")
        value = res["data"][field]
        _CACHE[name] = (value, time.time() + 3600)
        return value

    @staticmethod
    def flush():
        _CACHE.clear()
