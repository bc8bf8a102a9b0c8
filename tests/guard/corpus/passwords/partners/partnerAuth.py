import bcrypt
import pymongo


class PartnerCredentials(object):
    """
    Logins of the resellers.

    The partner portal came with the takeover of Brightline and has its own
    Mongo. The document of a partner holds the hash in `auth.pw`.
    """

    def __init__(self, uri="mongodb://partners-db/"):
        self.partners = pymongo.MongoClient(uri).portal.partners

    def registerSecret(self, partnerId, secret):
        if len(secret) < 8:
            raise ValueError("password too short")
        hashed = bcrypt.hashpw(secret.encode("utf-8"), bcrypt.gensalt(12))
        self.partners.update_one(
            {"_id": partnerId},
            {"$set": {"auth.pw": hashed, "auth.fails": 0}},
            upsert=True,
        )

    def authenticate(self, partnerId, secret):
        doc = self.partners.find_one({"_id": partnerId}, {"auth": 1})
        if not doc or "auth" not in doc or doc["auth"]["fails"] > 10:
            return None
        if bcrypt.checkpw(secret.encode("utf-8"), doc["auth"]["pw"]):
            self.partners.update_one({"_id": partnerId}, {"$set": {"auth.fails": 0}})
            return partnerId
        self.partners.update_one({"_id": partnerId}, {"$inc": {"auth.fails": 1}})
        return None

    def unlock(self, partnerId):
        self.partners.update_one({"_id": partnerId}, {"$set": {"auth.fails": 0}})
