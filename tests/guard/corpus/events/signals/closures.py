def make_bus(name):
    listeners = {}

    class Bus:
        title = name

        def subscribe(self, topic, listener):
            listeners.setdefault(topic, []).append(listener)

        def unsubscribe(self, topic, listener):
            listeners[topic].remove(listener)

        def publish(self, topic, **data):
            for listener in listeners.get(topic, ()):
                listener(data)

    return Bus()


def make_publisher(bus):
    def publish(topic, **data):
        bus.publish(topic, **data)

    return publish
