from dataclasses import dataclass, field

import httpx


@dataclass
class InvoiceGateway:
    """Where invoices go to the tax office."""

    client: httpx.Client
    sent: dict[str, str] = field(default_factory=dict)

    def submit(self, invoice: dict) -> str:
        response = self.client.post("invoices", json=invoice)
        response.raise_for_status()
        self.sent[invoice["number"]] = response.json()["receipt"]
        return self.sent[invoice["number"]]

    def void(self, number: str) -> None:
        self.client.delete(f"invoices/{number}").raise_for_status()

    def status(self, number: str) -> str:
        return self.client.get(f"invoices/{number}").json()["state"]
