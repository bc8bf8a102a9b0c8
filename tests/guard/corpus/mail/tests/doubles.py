class OutboxSender:
    def __init__(self):
        self.outbox = []

    def send(self, template, to, context=None):
        self.outbox.append((template, to))

    def send_mass(self, template, people, context=None):
        self.outbox += [(template, to) for to in people]

    def queue(self, template, to, context=None):
        self.send(template, to, context)

    def flush(self):
        return len(self.outbox)
