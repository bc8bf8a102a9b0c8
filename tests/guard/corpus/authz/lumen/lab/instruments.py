from __future__ import annotations

from dataclasses import dataclass

from .rights import LabRights


@dataclass
class Run:
    instrument: str
    bench: str
    samples: list[str]


async def start_run(rights: LabRights, person: str, run: Run, bus) -> bool:
    if not await rights.has_right(person, "start", run.bench):
        await bus.publish("lab.denied", {"person": person, "bench": run.bench})
        return False
    await bus.publish(
        "lab.start", {"instrument": run.instrument, "samples": run.samples}
    )
    return True
