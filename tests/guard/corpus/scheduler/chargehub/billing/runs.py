from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, time
from decimal import Decimal

import sqlalchemy as sa


@dataclass(frozen=True)
class TariffSchedule:
    """Prices per kWh by time of day, as printed on the contract."""

    name: str
    bands: tuple[tuple[time, Decimal], ...] = field(default_factory=tuple)

    def price_at(self, moment: datetime) -> Decimal:
        price = self.bands[-1][1]
        for start, band_price in self.bands:
            if moment.time() < start:
                break
            price = band_price
        return price


def invoice_all(engine: sa.Engine, due: datetime) -> None:
    with engine.begin() as conn:
        conn.execute(sa.text("CALL bill.invoice_sessions(:until)"), {"until": due})


def send_reminders(engine: sa.Engine, due: datetime) -> None:
    with engine.begin() as conn:
        conn.execute(sa.text("CALL bill.remind(:until)"), {"until": due})


def clear_roaming(engine: sa.Engine, due: datetime) -> None:
    with engine.begin() as conn:
        conn.execute(sa.text("CALL bill.clear_roaming(:until)"), {"until": due})
