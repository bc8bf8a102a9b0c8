from __future__ import annotations

import asyncio

from pymodbus.client import AsyncModbusTcpClient


class ModbusLink:
    """One TCP connection to a gateway, opened late and shared by its sensors."""

    def __init__(self, host: str, port: int = 502, timeout: float = 3.0) -> None:
        self.host = host
        self.port = port
        self.timeout = timeout
        self._client: AsyncModbusTcpClient | None = None
        self._lock = asyncio.Lock()

    async def read_register(self, register: int) -> int:
        async with self._lock:
            if self._client is None:
                self._client = AsyncModbusTcpClient(self.host, port=self.port)
                await self._client.connect()
            answer = await asyncio.wait_for(
                self._client.read_input_registers(register, count=1), self.timeout
            )
            if answer.isError():
                raise OSError(f"{self.host}/{register}: {answer}")
            raw = answer.registers[0]
            return raw - 0x10000 if raw & 0x8000 else raw

    async def close(self) -> None:
        if self._client is not None:
            self._client.close()
            self._client = None
