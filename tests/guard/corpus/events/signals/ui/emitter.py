class Emitter:
    """An event dispatcher for widgets."""

    def __init__(self):
        self._handlers = {}
        self._queue = None

    def on(self, topic, listener):
        self._handlers.setdefault(topic, []).append(listener)

    def off(self, topic, listener):
        self._handlers[topic].remove(listener)

    def once(self, topic, listener):
        def first(**data):
            self.off(topic, first)
            listener(**data)

        self.on(topic, first)

    def publish(self, topic, **data):
        for handler in list(self._handlers.get(topic, ())):
            handler(**data)

    def pause(self):
        self._queue = []

    def resume(self):
        self._queue = None
