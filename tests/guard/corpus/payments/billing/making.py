from dataclasses import dataclass

import httpx

from billing.gateway import PaymentGateway


@dataclass
class GatewayFactory:
    merchants: dict[str, str]

    def for_country(self, country: str) -> PaymentGateway:
        client = httpx.Client(base_url=f"https://{country}.pay.example/")
        return PaymentGateway(client, self.merchants[country])

    def countries(self) -> list[str]:
        return sorted(self.merchants)
