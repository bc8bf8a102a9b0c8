class RecordingIssuer:
    """Stands in for the InvoiceIssuer; remembers what it was asked to do."""

    def __init__(self):
        self.issued, self.written, self.sent = [], [], []

    def issue(self, invoice, on=None):
        invoice.number = f"TEST-{len(self.issued) + 1}"
        self.issued.append(invoice)
        return invoice

    def write(self, invoice):
        self.written.append(invoice)
        return b"%PDF-test"

    def send(self, invoice, to=None):
        self.sent.append((invoice, to))
