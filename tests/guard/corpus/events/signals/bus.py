import logging

from signals.event import Event
from signals.listeners import Listeners

log = logging.getLogger(__name__)


class EventBus(Listeners):
    """Who publishes needs not know who listens."""

    def __init__(self):
        super().__init__()
        self._held = None

    def publish(self, topic, **data):
        event = Event(topic, data)
        if self._held is not None:
            self._held.append(event)
            return
        for listener in list(self._by_topic.get(topic, ())):
            try:
                listener(event)
            except Exception:
                log.exception("a listener of %s failed", topic)

    def once(self, topic, listener):
        def first(event):
            self.unsubscribe(topic, first)
            listener(event)

        return self.subscribe(topic, first)

    def pause(self):
        self._held = []

    def resume(self):
        held, self._held = self._held, None
        for event in held or ():
            self.publish(event.topic, **event.data)
