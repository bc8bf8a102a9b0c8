class PaymentDeclined(Exception):
    def status(self) -> int:
        return 402
