import json


class KafkaBridge:
    """Events of the bus to Kafka, and back."""

    def __init__(self, bus, producer, consumer):
        self.bus = bus
        self.producer = producer
        self.consumer = consumer
        self.topics = []

    def publish(self, topic, **data):
        self.producer.send(topic, json.dumps(data).encode())

    def subscribe(self, topic, listener=None):
        self.topics.append(topic)
        self.consumer.subscribe(self.topics)
        self.bus.subscribe(topic, listener or self._out)

    def unsubscribe(self, topic, listener=None):
        self.topics.remove(topic)
        self.bus.unsubscribe(topic, listener or self._out)

    def poll(self):
        for record in self.consumer.poll():
            self.bus.publish(record.topic, **json.loads(record.value))

    def _out(self, event):
        self.publish(event.topic, **event.data)
