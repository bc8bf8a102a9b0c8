import logging


class Dispatcher:
    def __init__(self):
        self.table = {}

    def listen(self, topic, listener):
        self.table.setdefault(topic, []).append(listener)

    def unsubscribe(self, topic, listener):
        self.table[topic].remove(listener)

    def publish(self, topic, **data):
        for listener in self.table.get(topic, []):
            try:
                listener(topic, data)
            except Exception:
                logging.exception("listener failed")

    def once(self, topic, listener):
        def first(topic, data):
            self.unsubscribe(topic, first)
            listener(topic, data)

        self.listen(topic, first)
