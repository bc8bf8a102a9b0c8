from __future__ import annotations

import time
from dataclasses import dataclass, field

import numpy as np
import serial


@dataclass
class BenchRecorder:
    """Records the sensors on the lab bench through the Arduino.

    >>> rec = BenchRecorder("/dev/ttyACM0")
    >>> rec.record(seconds=60)
    >>> rec.save("run7.npz")
    """

    port: str
    baud: int = 115200
    channels: tuple[str, ...] = ("ph", "ec", "temp")
    samples: list[tuple[float, ...]] = field(default_factory=list)

    def record(self, seconds: float) -> None:
        end = time.monotonic() + seconds
        with serial.Serial(self.port, self.baud, timeout=1) as line:
            while time.monotonic() < end:
                sample = self.one_sample(line)
                if sample is not None:
                    self.samples.append((time.time(), *sample))

    def one_sample(self, line: serial.Serial) -> tuple[float, ...] | None:
        parts = line.readline().decode("ascii", "replace").strip().split(",")
        if len(parts) != len(self.channels):
            return None
        try:
            return tuple(float(p) for p in parts)
        except ValueError:
            return None

    def save(self, path: str) -> None:
        table = np.array(self.samples)
        np.savez(
            path,
            t=table[:, 0],
            **{c: table[:, i + 1] for i, c in enumerate(self.channels)},
        )
