class PayoutError(Exception):
    """Anything that keeps money from reaching a seller."""


class PayoutRefused(PayoutError):
    def __init__(self, seller_id, reason):
        super().__init__(f"payout to seller {seller_id} refused: {reason}")
        self.seller_id = seller_id
        self.reason = reason


class RailDown(PayoutError):
    """The bank or provider did not answer; try again later."""
