import base64
import hashlib
import hmac
import os


class SaltedHasher(object):
    def __init__(self, rounds=260000):
        self.rounds = rounds

    def hash(self, password):
        salt = os.urandom(16)
        key = hashlib.pbkdf2_hmac("sha256", password.encode("utf-8"), salt, self.rounds)
        return "pbkdf2$%d$%s$%s" % (
            self.rounds,
            base64.b64encode(salt).decode("ascii"),
            base64.b64encode(key).decode("ascii"),
        )

    def matches(self, password, hashed):
        algo, rounds, salt, key = hashed.split("$")
        if algo != "pbkdf2":
            return False
        got = hashlib.pbkdf2_hmac(
            "sha256", password.encode("utf-8"), base64.b64decode(salt), int(rounds)
        )
        return hmac.compare_digest(got, base64.b64decode(key))

    def isOutdated(self, hashed):
        return int(hashed.split("$")[1]) < self.rounds
