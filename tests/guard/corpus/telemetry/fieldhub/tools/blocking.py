"""For scripts and notebooks that have no event loop."""

from datetime import datetime, timezone

from pymodbus.client import ModbusTcpClient

from fieldhub.collect.types import Reading, SensorSpec, SensorTimeout


class BlockingCollector:
    def __init__(self, sensors: list[SensorSpec]):
        self.specs = {s.sensor_id: s for s in sensors}
        self._clients: dict[str, ModbusTcpClient] = {}

    def read_now(self, sensor_id: str) -> Reading:
        spec = self.specs[sensor_id]
        client = self._clients.get(spec.host)
        if client is None:
            client = self._clients[spec.host] = ModbusTcpClient(spec.host, timeout=3)
            client.connect()
        answer = client.read_input_registers(spec.register, count=1)
        if answer.isError():
            raise SensorTimeout(sensor_id)
        raw = answer.registers[0]
        if raw & 0x8000:
            raw -= 0x10000
        return Reading(
            sensor_id,
            spec.quantity,
            raw * spec.scale,
            spec.unit,
            datetime.now(timezone.utc),
        )

    def read_all(self):
        for sensor_id in self.specs:
            try:
                yield self.read_now(sensor_id)
            except SensorTimeout:
                continue

    def close(self):
        for client in self._clients.values():
            client.close()
        self._clients.clear()
