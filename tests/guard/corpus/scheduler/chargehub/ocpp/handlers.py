from __future__ import annotations

import httpx

GATEWAY = "http://ocpp-gateway.internal:8180"


async def _send(station: str, action: str, **body) -> None:
    async with httpx.AsyncClient(base_url=GATEWAY) as http:
        answer = await http.post(f"/stations/{station}/{action}", json=body)
        answer.raise_for_status()


async def reset(station: str, hard: bool = False) -> None:
    await _send(station, "Reset", type="Hard" if hard else "Soft")


async def unlock(station: str, connector: int) -> None:
    await _send(station, "UnlockConnector", connectorId=connector)


async def poll_all() -> None:
    async with httpx.AsyncClient(base_url=GATEWAY) as http:
        await http.post("/stations/poll")


HANDLERS = {"Reset": reset, "UnlockConnector": unlock}
