"""App store: installed apps subscribe to events of the shops they are installed in."""

import json
import time

import redis
import requests
from django.conf import settings
from jose import jwt


class AppEventPublisher:
    """Keeps subscriptions and undelivered events in Redis and posts them to the apps' servers."""

    def __init__(self, conn=None):
        self.r = conn or redis.Redis.from_url(settings.REDIS_URL, decode_responses=True)

    def subscribe(self, app_id, topic, url):
        self.r.hset("app-hooks:%s" % topic, app_id, url)

    def unsubscribe(self, app_id, topic):
        self.r.hdel("app-hooks:%s" % topic, app_id)

    def emit(self, topic, shop, data):
        for app_id, url in self.r.hgetall("app-hooks:%s" % topic).items():
            event = {
                "app": app_id,
                "url": url,
                "topic": topic,
                "shop": shop.pk,
                "data": data,
                "n": 0,
            }
            self.r.rpush("app-hooks-queue", json.dumps(event))

    def work(self):
        """Run by `manage.py app_events` for ever."""
        while True:
            _, raw = self.r.blpop("app-hooks-queue")
            event = json.loads(raw)
            if self._send(event):
                continue
            event["n"] += 1
            where = "app-hooks-dead" if event["n"] > 8 else "app-hooks-queue"
            time.sleep(min(event["n"], 5))
            self.r.rpush(where, json.dumps(event))

    def _send(self, event):
        token = jwt.encode(
            {"iss": "shop", "aud": event["app"], "iat": int(time.time())},
            settings.APP_KEY,
        )
        try:
            answer = requests.post(
                event["url"],
                json={
                    "topic": event["topic"],
                    "shop": event["shop"],
                    "data": event["data"],
                },
                headers={"Authorization": "Bearer " + token},
                timeout=6,
            )
        except requests.RequestException:
            return False
        return answer.status_code < 400
