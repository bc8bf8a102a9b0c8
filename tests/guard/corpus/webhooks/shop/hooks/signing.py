import hashlib
import hmac
import time


class PayloadSigner:
    """`X-Shop-Signature: t=...,v1=...` as described in the developer docs."""

    header = "X-Shop-Signature"

    def __init__(self, clock=time.time):
        self.clock = clock

    def sign(self, secret, raw):
        stamp = str(int(self.clock()))
        mac = hmac.new(secret.encode(), stamp.encode() + b"." + raw, hashlib.sha256)
        return "t=%s,v1=%s" % (stamp, mac.hexdigest())

    def verify(self, secret, raw, header, tolerance=300):
        parts = dict(p.split("=", 1) for p in header.split(","))
        mac = hmac.new(
            secret.encode(), parts["t"].encode() + b"." + raw, hashlib.sha256
        )
        fresh = abs(self.clock() - int(parts["t"])) <= tolerance
        return fresh and hmac.compare_digest(mac.hexdigest(), parts["v1"])
