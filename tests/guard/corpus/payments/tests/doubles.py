from billing.values import Payment


class RecordingGateway:
    def __init__(self):
        self.calls = []

    def authorize(self, card, amount):
        self.calls.append(("authorize", card, amount))
        return Payment("1", amount, "authorized")

    def capture(self, payment_id):
        self.calls.append(("capture", payment_id))

    def refund(self, payment_id, amount):
        self.calls.append(("refund", payment_id, amount))
