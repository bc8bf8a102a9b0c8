class InvoicingError(Exception):
    """Base of what can go wrong between a draft and a sent invoice."""


class AlreadyIssued(InvoicingError):
    def __init__(self, invoice):
        super().__init__(f"invoice {invoice.number} has been issued already")
        self.invoice = invoice


class NotIssued(InvoicingError):
    pass
