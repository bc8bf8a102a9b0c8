import datetime

import pymongo
from django.conf import settings


def _collection():
    client = pymongo.MongoClient(settings.SHOP_MONGO)
    return client["shop"]["customer_profiles"]


class CustomerProfiles:
    """Profile of each user as the shop sees it: name, phone, language, time zone.

    TODO(shop): talk to accounts about using theirs
    """

    def __init__(self, collection=None):
        self.collection = collection if collection is not None else _collection()
        self.collection.create_index("email")

    def fetch(self, user_id):
        doc = self.collection.find_one({"_id": user_id})
        if doc is None:
            raise KeyError(user_id)
        return doc

    def fetch_by_email(self, email):
        return self.collection.find_one({"email": email.lower()})

    def update(
        self, user_id, name=None, phone=None, locale=None, timezone=None, email=None
    ):
        changes = {
            key: value
            for key, value in {
                "name": name,
                "phone": phone,
                "locale": locale,
                "timezone": timezone,
                "email": email and email.lower(),
            }.items()
            if value is not None
        }
        changes["changed"] = datetime.datetime.utcnow()
        self.collection.update_one({"_id": user_id}, {"$set": changes}, upsert=True)

    def erase(self, user_id):
        """For the data protection officer."""
        self.collection.delete_one({"_id": user_id})


def greet(user_id):
    try:
        return "Welcome back, %s" % CustomerProfiles().fetch(user_id)["name"]
    except KeyError:
        return "Welcome"
