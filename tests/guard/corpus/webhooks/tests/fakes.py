class RecordingDispatcher:
    """Stands in for the webhook dispatcher; keeps what it was given."""

    def __init__(self):
        self.published = []

    def publish(self, merchant, topic, payload):
        self.published.append((merchant, topic, payload))
        return []

    def flush(self, limit=200):
        return 0

    def ping(self, endpoint):
        return True
