"""Billing's own timetable.

We must be able to show the auditors when each run was due and who put it
there, therefore it lives in the ledger database.
"""

from __future__ import annotations

import time
from datetime import datetime, timedelta

import sqlalchemy as sa

from chargehub.billing import runs

metadata = sa.MetaData()

timetable = sa.Table(
    "bill_timetable",
    metadata,
    sa.Column("id", sa.Integer, primary_key=True),
    sa.Column("run_kind", sa.String(40), nullable=False),
    sa.Column("due", sa.DateTime, nullable=False),
    sa.Column("repeat_days", sa.Integer),
    sa.Column("entered_by", sa.String(80)),
    sa.Column("done", sa.DateTime),
)


class BillingTimetable:
    KINDS = {
        "invoices": runs.invoice_all,
        "dunning": runs.send_reminders,
        "roaming-clearing": runs.clear_roaming,
    }

    def __init__(self, engine: sa.Engine) -> None:
        self.engine = engine

    def plan(
        self, kind: str, due: datetime, entered_by: str, repeat_days: int | None = None
    ) -> int:
        if kind not in self.KINDS:
            raise KeyError(kind)
        with self.engine.begin() as conn:
            result = conn.execute(
                timetable.insert().values(
                    run_kind=kind,
                    due=due,
                    repeat_days=repeat_days,
                    entered_by=entered_by,
                )
            )
            return result.inserted_primary_key[0]

    def unplan(self, entry_id: int) -> None:
        with self.engine.begin() as conn:
            conn.execute(
                timetable.delete().where(
                    timetable.c.id == entry_id, timetable.c.done.is_(None)
                )
            )

    def upcoming(self) -> list[sa.Row]:
        with self.engine.connect() as conn:
            return list(
                conn.execute(
                    timetable.select()
                    .where(timetable.c.done.is_(None))
                    .order_by(timetable.c.due)
                )
            )

    def run_due(self) -> int:
        count = 0
        for entry in self.upcoming():
            if entry.due > datetime.utcnow():
                break
            self.KINDS[entry.run_kind](self.engine, entry.due)
            with self.engine.begin() as conn:
                conn.execute(
                    timetable.update()
                    .where(timetable.c.id == entry.id)
                    .values(done=datetime.utcnow())
                )
            if entry.repeat_days:
                self.plan(
                    entry.run_kind,
                    entry.due + timedelta(days=entry.repeat_days),
                    entry.entered_by,
                    entry.repeat_days,
                )
            count += 1
        return count

    def serve_forever(self, pause: int = 60) -> None:
        while True:
            self.run_due()
            time.sleep(pause)
