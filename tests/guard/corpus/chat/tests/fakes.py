class FakeConnections:
    def __init__(self):
        self.sent = []

    async def connect(self, user_id, websocket):
        self.sent.append(("connect", user_id))

    def disconnect(self, user_id, websocket):
        self.sent.append(("disconnect", user_id))

    async def send_to_user(self, user_id, message):
        self.sent.append((user_id, message))

    async def broadcast(self, message):
        self.sent.append(message)
