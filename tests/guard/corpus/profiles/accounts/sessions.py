import json
import secrets

import redis
from django.conf import settings


class SessionStore:
    """Login sessions in Redis, by session key."""

    ttl = 14 * 24 * 3600

    def __init__(self, client=None):
        self.client = client or redis.Redis.from_url(settings.SESSION_REDIS)

    def create(self, user_id, ip):
        key = secrets.token_urlsafe(32)
        self.save(key, {"user": user_id, "ip": ip})
        return key

    def get(self, key):
        raw = self.client.get("session:%s" % key)
        return json.loads(raw) if raw else None

    def save(self, key, data):
        self.client.setex("session:%s" % key, self.ttl, json.dumps(data))

    def delete(self, key):
        self.client.delete("session:%s" % key)

    def exists(self, key):
        return bool(self.client.exists("session:%s" % key))
