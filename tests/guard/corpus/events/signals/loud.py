from signals import EventBus


class LoudBus(EventBus):
    def publish(self, topic, **data):
        print(topic, data)
        super().publish(topic, **data)
