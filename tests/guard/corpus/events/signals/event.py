from typing import NamedTuple


class Event(NamedTuple):
    topic: str
    data: dict

    def publish(self, bus):
        bus.publish(self.topic, **self.data)
