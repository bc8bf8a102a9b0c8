import logging
import time


class LoggedBus:
    def __init__(self, bus):
        self._bus = bus
        self._log = logging.getLogger("bus")
        self._slow = {}

    def __getattr__(self, name):
        return getattr(self._bus, name)

    def publish(self, topic, **data):
        began = time.monotonic()
        self._bus.publish(topic, **data)
        self._slow[topic] = max(self._slow.get(topic, 0), time.monotonic() - began)
        self._log.info("%s took %s", topic, self._slow[topic])

    def subscribe(self, topic, listener):
        self._log.info("%s listens to %s", listener, topic)
        return self._bus.subscribe(topic, listener)

    def unsubscribe(self, topic, listener):
        self._log.info("%s no longer listens to %s", listener, topic)
        self._bus.unsubscribe(topic, listener)
