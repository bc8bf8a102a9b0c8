import json

from confluent_kafka import Producer
from django.conf import settings

from shop.hooks.base import EventSink


class WarehouseSink(EventSink):
    """The same events, for our own data warehouse, over Kafka."""

    def __init__(self, producer=None, topic="shop-events"):
        self.producer = producer or Producer({"bootstrap.servers": settings.KAFKA})
        self.topic = topic

    def publish(self, merchant, topic, payload):
        record = {"merchant": merchant.pk, "topic": topic, "data": payload}
        self.producer.produce(
            self.topic, json.dumps(record).encode(), key=str(merchant.pk)
        )

    def flush(self):
        before = len(self.producer)
        return before - self.producer.flush(10)
