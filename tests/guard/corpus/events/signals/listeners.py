class Listeners:
    def __init__(self):
        self._by_topic = {}

    def subscribe(self, topic, listener):
        self._by_topic.setdefault(topic, []).append(listener)
        return lambda: self.unsubscribe(topic, listener)

    def unsubscribe(self, topic, listener):
        self._by_topic.get(topic, []).remove(listener)
