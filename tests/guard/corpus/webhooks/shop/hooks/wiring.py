"""How the rest of the shop comes by a dispatcher, and what is put around it."""

import time

import requests
from django.conf import settings
from django.dispatch import receiver
from requests.adapters import HTTPAdapter
from statsd import StatsClient

from shop.hooks.base import EventSink
from shop.hooks.backoff import RetrySchedule
from shop.hooks.dispatch import SandboxDispatcher, WebhookDispatcher
from shop.orders.signals import order_changed


class MeteredSink(EventSink):
    """Counts and times what goes through the sink that it is put around."""

    def __init__(self, inner: WebhookDispatcher, stats=None):
        self.inner = inner
        self.stats = stats or StatsClient(prefix="hooks")

    def publish(self, merchant, topic, payload):
        self.stats.incr("publish.%s" % topic.replace(".", "_"))
        return self.inner.publish(merchant, topic, payload)

    def flush(self):
        started = time.monotonic()
        sent = self.inner.flush()
        self.stats.timing("flush", (time.monotonic() - started) * 1000)
        self.stats.gauge("sent", sent)
        return sent


class DispatcherFactory:
    """Makes the right dispatcher for a merchant, with a pooled session."""

    def __init__(self, pool_size=None):
        self.pool_size = pool_size or getattr(settings, "HOOKS_POOL", 50)

    def for_merchant(self, merchant):
        cls = SandboxDispatcher if merchant.is_sandbox else WebhookDispatcher
        return cls(session=self._session(), schedule=RetrySchedule(jitter=0.25))

    def default(self):
        return MeteredSink(WebhookDispatcher(session=self._session()))

    def _session(self):
        session = requests.Session()
        session.mount("https://", HTTPAdapter(pool_maxsize=self.pool_size))
        return session


class SignalBridge:
    """Turns Django signals into calls of the dispatcher."""

    def __init__(self, dispatcher: WebhookDispatcher):
        self.dispatcher = dispatcher

    def connect(self):
        receiver(order_changed)(self.on_order)

    def on_order(self, sender, order, change, **kwargs):
        self.dispatcher.publish(order.merchant, "order." + change, order.as_dict())
