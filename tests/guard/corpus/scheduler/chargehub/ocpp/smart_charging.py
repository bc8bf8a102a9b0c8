from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime


@dataclass
class Demand:
    vehicle: str
    kwh: float
    leaves_at: datetime
    max_amps: int


class LoadScheduler:
    """Divides a site's amperes among the cars that are plugged in.

    Earliest departure first; what is left over is shared evenly.
    """

    def __init__(self, site_amps: int, floor: int = 6) -> None:
        self.site_amps = site_amps
        self.floor = floor
        self._demands: dict[str, Demand] = {}

    def add(self, demand: Demand) -> None:
        self._demands[demand.vehicle] = demand

    def remove(self, vehicle: str) -> None:
        self._demands.pop(vehicle, None)

    def schedule(self) -> dict[str, int]:
        left = self.site_amps
        plan: dict[str, int] = {}
        for demand in sorted(self._demands.values(), key=lambda d: d.leaves_at):
            amps = min(demand.max_amps, left)
            if amps < self.floor:
                amps = 0
            plan[demand.vehicle] = amps
            left -= amps
        return plan
