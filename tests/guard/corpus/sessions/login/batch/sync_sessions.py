import json
import secrets
import time

import psycopg


class SyncSessionStore:
    def __init__(self, url):
        self.connection = psycopg.connect(url)
        self.open = {}

    def create(self, user, **data):
        key = secrets.token_urlsafe(32)
        self.connection.execute(
            "insert into sessions values (%s, %s, %s, %s)",
            (key, user, time.time() + 60, json.dumps(data)),
        )
        self.open[key] = user
        return key

    def load(self, key):
        rows = self.connection.execute("select * from sessions where key=%s", (key,))
        return rows.fetchone()

    def revoke(self, key):
        self.open.pop(key, None)
        self.connection.execute("delete from sessions where key=%s", (key,))

    def revoke_all(self, user):
        self.connection.execute("delete from sessions where user=%s", (user,))
