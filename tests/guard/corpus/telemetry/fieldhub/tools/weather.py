from __future__ import annotations

import httpx


class OutdoorReadings:
    """Quick hack for the Westland site: the outdoor mast sits on a gateway with a
    REST page, and the growers wanted its sensors in Influx by Monday."""

    def __init__(self, gateway: str, influx: str, token: str) -> None:
        self.gateway = gateway
        self.influx = influx
        self.headers = {"Authorization": f"Token {token}"}
        self.last: dict[str, float] = {}

    async def fetch(self) -> dict[str, float]:
        async with httpx.AsyncClient(timeout=5) as http:
            page = await http.get(f"http://{self.gateway}/api/sensors")
            page.raise_for_status()
        self.last = {s["name"]: float(s["value"]) for s in page.json() if s["ok"]}
        return self.last

    async def fetch_and_push(self) -> None:
        values = await self.fetch()
        lines = "\n".join(
            f"mast,sensor={name} value={value}" for name, value in values.items()
        )
        async with httpx.AsyncClient() as http:
            await http.post(
                f"{self.influx}/api/v2/write?bucket=mast",
                content=lines,
                headers=self.headers,
            )
